/**
 * What people do on the page "Sign-in methods".
 * @module
 */
import { LINKING_SCOPES } from '@/local-tenant/world/seed'
import { lineOf, type Visit } from '../browser/browser'
import type { FlowBrowser } from '../browser/flow-browser'
import { type Flow, proveAccount } from './flow'

/** Path of the page "Sign-in methods". */
export const PAGE = '/settings/connected-accounts'

/** The account to sign in with at a provider: an existing one, or a new one if `isNew`. */
export interface ProviderAccount {
  email: string
  isNew?: boolean
}

/** A person who uses the page "Sign-in methods". */
export class Settings {
  constructor(
    readonly flow: Flow,
    readonly browser: FlowBrowser,
  ) {}

  /** Signs in to the page, by password or with a connection. If the login shows a prompt, declines it. */
  open = (email: string, connection?: string): Promise<Visit> => this.openAt('', email, connection)

  /** Does the same as `open`, at the page's URL with a query. */
  async openAt(query: string, email: string, connection?: string): Promise<Visit> {
    const login = await this.view(query)
    if (!connection) return this.past(await proveAccount(this.browser, login, email))
    const provider = await this.browser.press(login, `Continue with ${connection}`)
    return this.past(await proveAccount(this.browser, provider, email))
  }

  private past(page: Visit): Promise<Visit> | Visit {
    return page.url.pathname === '/link/prompt' ? this.browser.press(page, 'Not now') : page
  }

  /** Opens the page. */
  view = (query = '') => this.browser.visit(`${this.flow.demo.app}${PAGE}${query}`)

  /** Presses a button and signs in at the provider. Returns the confirmation, or the error page instead. */
  async prove(page: Visit, button: string, account: string | ProviderAccount): Promise<Visit> {
    return this.signInAt(await this.browser.press(page, button), account)
  }

  /** Signs in on the tenant's or the provider's login page. */
  signInAt(login: Visit, account: string | ProviderAccount): Promise<Visit> {
    const { email, isNew = false } = typeof account === 'string' ? { email: account } : account
    return isNew
      ? this.browser.press(login, 'Continue', { 'Email address': email, Name: 'New' })
      : proveAccount(this.browser, login, email)
  }

  /**
   * Adds a new person with two accounts to the tenant, and opens the page with one. It suggests the other account, because no
   * result for this address is cached.
   */
  async openWithSuggestion(email: string): Promise<Visit> {
    const { users } = await this.flow.tenant.world()
    const [id = ''] = email.split('@')
    const person = { email, email_verified: true }
    const own = { ...person, user_id: `auth0|${id}`, password: 'correct horse' }
    await this.flow.tenant.reset({ users: [...users, own, { ...person, user_id: `google-oauth2|${id}` }] })
    return this.open(email)
  }

  /** Connects an account at a provider, including the confirmation. */
  async connect(page: Visit, button: string, account: string | ProviderAccount): Promise<Visit> {
    return this.browser.press(await this.prove(page, button, account), 'Connect')
  }

  /** Follows a link of the page by its text. */
  async follow(page: Visit, words: string): Promise<Visit> {
    const link = page.html.querySelectorAll('a').find(({ text }) => text.trim() === words)
    if (!link) throw new Error(`no link ${words} at ${page.url}`)
    return this.browser.visit(new URL(link.getAttribute('href') ?? '', page.url))
  }

  /** Disconnects the account's only linked identity, including the confirmation. */
  async disconnect(page: Visit, words: 'Disconnect' | 'Undo' = 'Disconnect'): Promise<Visit> {
    return this.browser.press(await this.follow(page, words), words)
  }
}

/** Runs a function while the application's Management API token lacks some scopes. */
export async function withoutScopes(
  settings: Settings,
  missing: string[],
  work: () => Promise<void>,
): Promise<void> {
  const { tenant } = settings.flow
  const grant = async (management_scopes: Record<string, string[]>) => {
    await tenant.options({ management_scopes })
    // Refuse the current token once, so that the application gets a new one.
    await tenant.faults({ match: { path: '^/api/v2/users/' }, effect: { status: 401 }, times: 1 })
    await settings.view()
  }
  await grant({ 'linking-m2m': LINKING_SCOPES.filter((scope) => !missing.includes(scope)) })
  try {
    await work()
  } finally {
    await grant({})
  }
}

/** The page's notice about the last step. */
export const noticeOf = ({ html }: Visit) => html.querySelector('[role=status]')?.text.trim() ?? ''

/** The sign-in methods that the page lists, each in one line. */
export const methodsOf = ({ html }: Visit) =>
  html.querySelectorAll('section[aria-labelledby=methods] li').map(lineOf)

/** The text under a heading of the page, in one line. */
export const sectionOf = ({ html }: Visit, id: 'suggestions' | 'declined' | 'activity') =>
  html.querySelectorAll(`section[aria-labelledby=${id}]`).map(lineOf).join()

/** The list of what will happen on a confirmation page, in one line. */
export const effectsOf = ({ html }: Visit) => html.querySelectorAll('main ul:not(.tiles)').map(lineOf).join()

/** `provider|id` of each identity of a user. */
export async function identitiesOf(flow: Flow, userId: string): Promise<string[]> {
  const user = await flow.tenant.user(userId)
  return (user?.identities ?? []).map(({ provider, user_id }) => `${provider}|${user_id}`)
}
