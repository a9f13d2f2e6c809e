/**
 * Checks what a case expects after its steps, and what must hold after every case.
 * @module
 */
import { decodeJwt } from 'jose'
import { parse } from 'node-html-parser'
import { appCookies } from '../../support/browser/app-cookies'
import type { Hop } from '../../support/browser/flow-browser'
import { claimsOf, errorCode, textOf } from '../../support/flow/flow'
import type { LedgerCall } from '../../support/flow/tenant'
import type { Expectation } from './corpus'
import type { Run } from './run'

/** The longest time that an answer of the application may take, in milliseconds. */
const MAX_ANSWER_MS = 10_000
const DENIED = 'Sign-in could not be completed. Please start again.'
const EFFECTS = ['link', 'unlink', 'patch', 'create', 'delete'] as const

/**
 * Checks the expectations of a case.
 *
 * @param ledger - The requests that the tenant received since the steps began.
 * @throws {Error} If an expectation is not met; the message says which.
 */
export async function check(run: Run, expected: Expectation, ledger: LedgerCall[]): Promise<void> {
  if (expected.refuse !== undefined) checkRefusal(run, [expected.refuse].flat(), expected.status ?? [400])
  else if (expected.status) oneOf('the status', run.last.status, expected.status)
  if (expected.at !== undefined) contains('where the browser is', run.last.url.href, expected.at)
  if (expected.login) checkLogin(run, expected)
  if (expected.says) for (const words of expected.says) contains('the page', documentOf(run), words)
  if (expected.lacks) for (const words of expected.lacks) lacks('the page', run.last.html.toString(), words)
  if (expected.most) checkCount(run, expected.most)
  if (expected.answer) checkAnswerClaims(run, expected.answer)
  if (expected.headers) checkHeaders(run, expected.headers)
  if (expected.leadsTo) checkTarget(run, expected.leadsTo)
  if (expected.cookies) await checkCookies(run, expected.cookies)
  for (const text of expected.unlogged ?? []) lacks('the log', run.output(), text)
  if (expected.identities) await checkIdentities(run, expected.identities)
  if (expected.metadata) await checkMetadata(run, expected.metadata)
  for (const [id, count] of Object.entries(expected.holds ?? {}))
    same(`the number of identities of ${id}`, (await run.flow.tenant.user(id))?.identities.length ?? 0, count)
  if (expected.asked) checkAsked(expected.asked, ledger, run)
  checkDelta(expected.delta ?? {}, ledger)
}

/** Checks the requests that the tenant received, and the address that the browser was redirected to but did not open. */
function checkAsked(
  { path, lacks: words }: NonNullable<Expectation['asked']>,
  ledger: LedgerCall[],
  run: Run,
) {
  const queries = ledger.filter((call) => call.path === path).map(({ query }) => JSON.stringify(query))
  if (run.last.url.pathname === path) queries.push(run.last.url.search)
  if (queries.length === 0) throw new Error(`the tenant received no request for ${path}`)
  for (const query of queries) for (const word of words) lacks(`${path} at the tenant`, query, word)
}

function checkRefusal(run: Run, codes: string[], statuses: number[]): void {
  oneOf('the code', errorCode(run.last) ?? `none at ${run.last.url.pathname}`, codes)
  oneOf('the status', run.last.status, statuses)
  const { app } = run.flow.demo
  if (run.last.url.origin !== app) throw new Error(`the error page is at ${run.last.url.origin}`)
  if (run.last.html.querySelectorAll('a, form').length === 0)
    throw new Error('the error page has no link to continue')
  const isKnown = (cookie: string) => flowCookies(...run.hops()).filter((each) => each === cookie).length > 1
  if (flowCookies(run.last).some((cookie) => !isKnown(cookie))) throw new Error('the error page opens a flow')
}

/** Names of the flow cookies that answers set. An open flow sets its cookie again at each step. */
function flowCookies(...answers: { headers: Headers }[]): string[] {
  const lines = answers.flatMap(({ headers }) => headers.getSetCookie())
  return lines.flatMap((line) => /^(?:link|connect)_\w+(?==[^;])/.exec(line)?.slice(0, 1) ?? [])
}

function checkLogin(run: Run, { login, sub }: Expectation): void {
  const claims = claimsOf(run.last)
  if (login === 'denied') same('the login', claims.error_description, DENIED)
  else if (claims.error) throw new Error(`the login failed: ${claims.error}, ${claims.error_description}`)
  if (sub !== undefined) same('the user of the login', claims.sub, sub)
}

function checkCount(run: Run, { selector, count }: NonNullable<Expectation['most']>): void {
  const { length } = run.last.html.querySelectorAll(selector)
  if (length > count) throw new Error(`${length} × ${selector}, more than ${count}`)
}

function checkAnswerClaims(run: Run, expected: Record<string, unknown>): void {
  const claims = decodeJwt(String(run.values.RT))
  for (const [name, value] of Object.entries(expected))
    same(`${name} of the answer`, JSON.stringify(claims[name] ?? null), JSON.stringify(value))
}

function checkHeaders(run: Run, expected: Record<string, string | null>): void {
  for (const [name, value] of Object.entries(expected)) {
    const found = run.last.headers.get(name)
    if (value === null) same(name, found, null)
    else if (found === null) throw new Error(`there is no header ${name}`)
    else contains(name, found, value)
  }
}

function checkTarget(run: Run, hosts: string[]): void {
  const location = run.last.headers.get('location')
  if (location === null) return
  oneOf(
    'where it leads',
    new URL(location, run.last.url).host,
    hosts.map((host) => new URL(host).host),
  )
}

async function checkCookies(run: Run, expected: Record<string, number>): Promise<void> {
  for (const [prefix, count] of Object.entries(expected)) {
    const found = await appCookies(run.browser(), run.flow.demo.app, prefix)
    same(`cookies ${prefix}`, found.length, count)
  }
}

async function checkIdentities(run: Run, expected: Record<string, string[] | null>): Promise<void> {
  for (const [id, identities] of Object.entries(expected)) {
    const user = await run.flow.tenant.user(id)
    const found = user ? user.identities.map(({ provider, user_id }) => `${provider}|${user_id}`) : null
    same(`the identities of ${id}`, JSON.stringify(found), JSON.stringify(identities))
  }
}

async function checkMetadata(run: Run, expected: NonNullable<Expectation['metadata']>): Promise<void> {
  for (const [id, kinds] of Object.entries(expected))
    for (const [kind, wanted] of Object.entries(kinds)) {
      const all = Object(await run.flow.tenant.user(id))[kind] ?? {}
      const found = Object.entries(all).filter(([key]) => !key.startsWith('account_linking'))
      same(`${kind} of ${id}`, sorted(found), sorted(Object.entries(wanted)))
    }
}

const sorted = (entries: [string, unknown][]) =>
  JSON.stringify(entries.sort(([a], [b]) => a.localeCompare(b)))

/** Checks how many effects and calls of each kind there were. A link or unlink may come with any number of `patch`. */
function checkDelta(expected: NonNullable<Expectation['delta']>, ledger: LedgerCall[]): void {
  for (const effect of EFFECTS) {
    const found = ledger.filter((call) => call.effect === effect).length
    const isLinked = expected.link !== undefined || expected.unlink !== undefined
    const wanted = expected[effect] ?? (effect === 'patch' && isLinked ? 'any' : 0)
    if (wanted !== 'any') same(`${effect} at the tenant`, found, wanted)
  }
  const others = Object.keys(expected).filter((name) => !EFFECTS.some((effect) => effect === name))
  for (const name of others) same(`calls of ${name}`, callsOf(name, ledger), expected[name])
}

const isToken = ({ path }: LedgerCall) => path === '/oauth/token'
const grantOf = ({ body }: LedgerCall) => String(Object(body).grant_type)

/** Calls that are counted in addition to effects, by name. */
const COUNTED: Record<string, (call: LedgerCall) => boolean> = {
  /** Token requests: all, those with client credentials, and those of the linking client with an authorization code. */
  token: isToken,
  m2m: (call) => isToken(call) && grantOf(call) === 'client_credentials',
  codes: (call) => isToken(call) && grantOf(call) === 'authorization_code' && call.client_id === 'linking',
  /** Management API calls: reads except those of rights, lists of connections, and link calls with any result. */
  reads: ({ path, method }) => path.startsWith('/api/v2/') && method === 'GET' && !RIGHTS.test(path),
  connections: ({ path }) => path.endsWith('/connections'),
  tries: ({ path, method }) => method === 'POST' && path.endsWith('/identities'),
}

/** Paths of an account's rights: roles, permissions, memberships and factors. */
const RIGHTS = /\/(roles|permissions|organizations|authentication-methods)$/

function callsOf(name: string, ledger: LedgerCall[]): number {
  const isCounted = COUNTED[name]
  if (!isCounted) throw new Error(`there is no counter ${name}`)
  return ledger.filter(isCounted).length
}

/**
 * Checks that every identity is in exactly one account, unless an account was deleted.
 *
 * @param before - {@link identitiesOfAll} from the beginning of the case.
 */
export async function checkNothingLost(run: Run, before: string[]): Promise<void> {
  const now = await identitiesOfAll(run.flow)
  const twice = now.find((way, index) => now.indexOf(way) !== index)
  if (twice) throw new Error(`${twice} is in two accounts`)
  const lost = before.find((way) => !now.includes(way))
  const isDeleted = (await run.flow.tenant.ledger()).some(({ effect }) => effect === 'delete')
  if (lost && !isDeleted) throw new Error(`${lost} is lost`)
}

/** `provider|id` of every identity of every user. */
export async function identitiesOfAll({ tenant }: Run['flow']): Promise<string[]> {
  const { users } = await tenant.world()
  return users.flatMap(({ identities }) =>
    identities.map(({ provider, user_id }) => `${provider}|${user_id}`),
  )
}

/**
 * Checks what must hold after every case: no server error, an answer in time, the security headers of {@link checkAnswer},
 * and no secret in anything that the application sent or logged.
 *
 * @param allowed - Statuses from 500 that the case itself expects.
 */
export function checkAlways(run: Run, allowed: number[] = []): void {
  const { app, env } = run.flow.demo
  const secrets = Object.entries(env).filter(([name, value]) => /SECRET/.test(name) && value.length >= 16)
  for (const hop of run.hops().filter(({ url }) => url.origin === app)) {
    const where = `${hop.method} ${hop.url.pathname}`
    if (hop.status >= 500 && !allowed.includes(hop.status)) throw new Error(`${where} answered ${hop.status}`)
    if (hop.ms > MAX_ANSWER_MS) throw new Error(`${where} took ${Math.round(hop.ms)} ms`)
    checkAnswer(where, hop)
    checkTargets(where, hop, run.flow.demo.tenant)
    const sent = [hop.body, ...[...hop.headers].map(([, value]) => value)].join('\n')
    for (const [name, value] of secrets) lacks(`${where} (${name})`, sent, value)
    const inbound = hop.url.pathname === '/link' ? hop.url.searchParams.get('session_token') : null
    if (inbound && inbound.length > 100) lacks(`${where} (the session token)`, hop.body, inbound)
  }
  for (const [name, value] of secrets) lacks(`the log (${name})`, run.output(), value)
}

/**
 * Checks that a redirect carries a response token only to the tenant's `/continue`, and an authorization code nowhere (the
 * `code` of `/sign-in-failed` is an error code). Checks that a page loads nothing from other origins.
 */
function checkTargets(where: string, { url, headers, body }: Hop, tenant: string): void {
  const location = headers.get('location')
  if (location !== null) {
    const target = new URL(location, url)
    const isContinue = target.href.startsWith(`${tenant}/continue?`)
    if (target.searchParams.has('session_token') && !isContinue)
      throw new Error(`${where} sends a token to ${target.origin}`)
    if (target.searchParams.has('code') && target.pathname !== '/sign-in-failed')
      throw new Error(`${where} sends a code to ${target.origin}`)
  }
  if (!headers.get('content-type')?.startsWith('text/html')) return
  const foreign = parse(body)
    .querySelectorAll('[src], link[href]')
    .map((element) => new URL(element.getAttribute('src') ?? element.getAttribute('href') ?? '', url))
    .find(({ origin, protocol }) => protocol !== 'data:' && origin !== url.origin)
  if (foreign) throw new Error(`${where} loads from ${foreign.origin}`)
}

function checkAnswer(where: string, { status, headers }: Hop): void {
  // The application never sees these requests: Node.js refuses one that is too large (431), and the framework redirects some
  // addresses by itself (308, `_rsc`).
  if (status === 431 || status === 308 || /[?&]_rsc\b/.test(headers.get('location') ?? '')) return
  contains(`${where}: cache-control`, headers.get('cache-control') ?? '', 'no-store')
  same(`${where}: x-content-type-options`, headers.get('x-content-type-options'), 'nosniff')
  same(`${where}: x-powered-by`, headers.get('x-powered-by'), null)
  const isDocument = status !== 307 && headers.get('content-type')?.startsWith('text/html')
  if (!isDocument) return
  const policy = headers.get('content-security-policy') ?? ''
  for (const part of ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"])
    contains(`${where}: the policy`, policy, part)
}

const documentOf = (run: Run) => textOf(run.last)

function same(what: string, found: unknown, wanted: unknown): void {
  if (found !== wanted) throw new Error(`${what}: ${found} instead of ${wanted}`)
}
function oneOf<Value>(what: string, found: Value, wanted: Value[]): void {
  if (!wanted.includes(found)) throw new Error(`${what}: ${found} instead of ${wanted.join(' or ')}`)
}
function contains(what: string, found: string, wanted: string): void {
  if (!found.includes(wanted)) throw new Error(`${what}: no “${wanted}” in “${found.slice(0, 300)}”`)
}
function lacks(what: string, found: string, unwanted: string): void {
  if (found.includes(unwanted))
    throw new Error(`${what}: contains what it must not, ${unwanted.slice(0, 12)}…`)
}
