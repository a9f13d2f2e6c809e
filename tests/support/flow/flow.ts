/**
 * What people do in flow tests: they sign in, and use the pages that follow.
 * @module
 */
import { decodeJwt, type JWTPayload } from 'jose'
import { lineOf, type Visit } from '../browser/browser'
import type { FlowBrowser } from '../browser/flow-browser'
import { trust } from '../browser/trust'
import type { FlowDemo } from './demo'
import { FlowTenant } from './tenant'

/** How a person signs in to the other company's application. */
export interface SignInWay {
  /** Name of a connection; by default a password sign-in. */
  with?: string
  /** Further parameters of the application's `/login`. */
  query?: Record<string, string>
  /** The browser does not follow redirects to URLs that begin with this. */
  stopAt?: string
}

/** A login that the Action has redirected to the linking service, before the browser opens that URL. */
export interface HeldLogin {
  url: URL
  token: string
  state: string
  claims: JWTPayload
}

/** The texts of the buttons on the linking pages. */
export const BUTTONS = {
  link: 'Link accounts',
  notNow: 'Not now',
  never: 'Don’t ask again',
  tryAgain: 'Try again',
  goOn: 'Continue signing in without linking',
} as const

/** What a test can do with one demo. */
export class Flow {
  readonly tenant: FlowTenant

  constructor(readonly demo: FlowDemo) {
    if (demo.ca) trust(demo.ca)
    this.tenant = new FlowTenant(demo)
  }

  /** Signs in to the other company's application, up to the prompt or the end of the login. */
  async signIn(browser: FlowBrowser, email: string, way: SignInWay = {}): Promise<Visit> {
    const url = new URL('/login', this.demo.other)
    for (const [name, value] of Object.entries({ ...way.query, ...(way.with && { connection: way.with }) }))
      url.searchParams.set(name, value)
    const stop = way.stopAt === undefined ? {} : { stopAt: way.stopAt }
    return proveAccount(browser, await browser.visit(url, stop), email, stop)
  }

  /** Signs in until the Action redirects the browser to the linking service, and does not follow that redirect. */
  async hold(browser: FlowBrowser, email: string, way: SignInWay = {}): Promise<HeldLogin> {
    const { url } = await this.signIn(browser, email, { ...way, stopAt: `${this.demo.app}/link` })
    const token = url.searchParams.get('session_token') ?? ''
    return { url, token, state: url.searchParams.get('state') ?? '', claims: decodeJwt(token) }
  }

  /** Goes from the prompt to the confirmation, by proving the other account. */
  async prove(browser: FlowBrowser, prompt: Visit, email: string): Promise<Visit> {
    return proveAccount(browser, await browser.press(prompt, BUTTONS.link), email)
  }

  /** Signs Ann in with Google, up to the prompt. */
  annAtPrompt = (browser: FlowBrowser) => this.signIn(browser, 'ann@example.com', { with: 'google-oauth2' })

  /** Signs Ann in with Google, up to the confirmation. */
  async annAtConfirm(browser: FlowBrowser): Promise<Visit> {
    return this.prove(browser, await this.annAtPrompt(browser), 'ann@example.com')
  }

  /** The URL of `/link` with a token. */
  linkUrl(token: string, state: string): URL {
    const url = new URL('/link', this.demo.app)
    url.searchParams.set('session_token', token)
    url.searchParams.set('state', state)
    return url
  }

  /** A session token like our own Action's, with some claims replaced; null leaves a claim out. */
  sessionToken(claims: Record<string, unknown> = {}, header: object = {}, key?: unknown): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const all = {
      sub: 'google-oauth2|ann-g',
      iss: new URL(this.demo.tls).host,
      iat: now,
      exp: now + 120,
      purpose: 'account-link.request',
      jti: crypto.randomUUID(),
      txn: crypto.randomUUID(),
      email: 'ann@example.com',
      client_id: 'demo-other',
      client_name: 'Other Company',
      current_identity: GOOGLE_ANN,
      candidate_identities: [{ ...PASSWORD_ANN, stays: 'candidate', carried: 1 }],
      ...claims,
    }
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null))
    return this.tenant.mint(given, header, key)
  }
}

/** Ann's Google identity, in the format of tokens. */
export const GOOGLE_ANN = {
  user_id: 'google-oauth2|ann-g',
  provider: 'google-oauth2',
  connection: 'google-oauth2',
}
/** Ann's password identity, in the format of tokens. */
export const PASSWORD_ANN = {
  user_id: 'auth0|ann',
  provider: 'auth0',
  connection: 'Username-Password-Authentication',
}

/** Signs in if the page is the tenant's login; returns any other page unchanged. */
export async function proveAccount(
  browser: FlowBrowser,
  page: Visit,
  email: string,
  options: { stopAt?: string } = {},
): Promise<Visit> {
  if (page.url.pathname === '/u/identity-provider')
    return secondFactor(browser, await browser.press(page, email, {}, options), options)
  if (page.url.pathname === '/u/login')
    return secondFactor(
      browser,
      await browser.press(page, 'Continue', { 'Email address': email, Password: 'correct horse' }, options),
      options,
    )
  return page
}

function secondFactor(
  browser: FlowBrowser,
  page: Visit,
  options: { stopAt?: string },
): Promise<Visit> | Visit {
  return page.url.pathname === '/u/mfa'
    ? browser.press(page, 'Continue', { 'One-time code': '000000' }, options)
    : page
}

/** The code of an error page. */
export const errorCode = ({ html }: Visit) => html.querySelector('main')?.getAttribute('data-error')

/** The text of a page's `main` element, in one line. */
export const textOf = ({ html }: Visit) => lineOf(html.querySelector('main') ?? html)

/**
 * The contents of the other company's callback page: the ID token's claims, or the error.
 *
 * @throws {Error} If the page is another one.
 */
export function claimsOf(visit: Visit): Record<string, unknown> {
  if (visit.url.pathname !== '/callback' || visit.status !== 200)
    throw new Error(`not the callback: ${visit.status} ${visit.url} ${visit.html.text.trim().slice(0, 600)}`)
  return JSON.parse(visit.html.querySelector('pre')?.text ?? '{}')
}

/** The claims of the response token in a form's fields. */
export function answerOf(fields: Record<string, string>): JWTPayload {
  return decodeJwt(fields.session_token ?? '')
}

/** The value that the prompt's form sends for the account whose description contains a word. */
export const choiceOf = ({ html }: Visit, word: string) =>
  html
    .querySelectorAll('label')
    .find((label) => lineOf(label).includes(word))
    ?.querySelector('input[type=radio]')
    ?.getAttribute('value')
