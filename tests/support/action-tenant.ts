/**
 * A local tenant that plays the built Action, with a stand-in for the linking service: logins, answers, and what came of them.
 * @module
 */
import type { IDToken } from 'openid-client'
import { beforeEach, vi } from 'vitest'
import type { Identity, Metadata } from '@/core'
import type { FaultRule, StoredUser } from '@/local-tenant/model'
import { buildAction } from './action-build'
import { anActionService } from './action-service'
import { TestBrowser, type Visit } from './browser'
import { complete, type StartedLogin, signInByPassword, signInWithGoogle, startLogin } from './sign-in'
import { answerToken, resume, type SuspendedLogin } from './suspended-login'
import { aTenant } from './tenant'

/** A login, as a test wants it. */
export interface ActionLogin {
  email?: string
  /** `password`, or the name of a connection with a provider of its own; Google by default. */
  connection?: string
  clientId?: string
  /** Further parameters of the authorization request. */
  parameters?: Record<string, string>
}

/** How a login, or one leg of it, ended. */
export interface LoginEnd {
  /** It waits for the linking service. */
  asked?: AskedLogin
  /** It succeeded: claims of the ID token. */
  claims?: IDToken
  /** It was refused, in these words. */
  denied?: string
  /** Milliseconds it took. */
  took: number
}

/** A login that waits for the linking service, in its browser. */
export type AskedLogin = SuspendedLogin & { browser: TestBrowser }

/** A candidate as the session token names it. */
export type AskedCandidate = Identity & { stays: string; carried: number; mfa: boolean; also: string[] }

/** The candidates of a login that waits. */
export const candidatesOf = ({ asked }: LoginEnd): AskedCandidate[] =>
  (asked?.claims.candidate_identities ?? []) as AskedCandidate[]

/** What one call of the Management API's client is called in tests, by method and path. */
const CALLS: [RegExp, string][] = [
  [/^POST \/oauth\/token$/, 'token'],
  [/^GET .*\/users-by-email$/, 'lookup'],
  [/^GET .*\/users\//, 'read'],
  [/^PATCH .*\/users\//, 'patch'],
  [/^POST .*\/identities$/, 'link'],
]

/** What ends sessions and refresh tokens after a link. */
const ENDING = /\/(sessions|refresh-tokens)\b/

/** Starts everything for one test file; before each test all of it is put back to its start. */
export async function anActionTenant() {
  // Some tests wait for time limits, and the machine may have other things to do.
  vi.setConfig({ testTimeout: 20_000 })
  const service = await anActionService()
  const { hostname, port } = new URL(service.origin)
  const tenant = await aTenant({ actions: [await buildAction()], appHost: hostname, appPort: Number(port) })
  const { state } = tenant

  /** Sets the Action's secrets, beside those it always has. */
  const configure = (secrets: Record<string, string>) => Object.assign(state.settings.secrets, secrets)
  /** Plays faults until the login has ended. */
  const play = (...rules: FaultRule[]) =>
    state.faults.push(...rules.map((rule) => ({ rule, seen: 0, played: 0 })))

  async function endOf(
    visit: Visit,
    login: StartedLogin,
    browser: TestBrowser,
  ): Promise<Omit<LoginEnd, 'took'>> {
    const token = visit.url.searchParams.get('session_token')
    if (visit.url.pathname === '/link' && token) {
      const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
      return {
        asked: { login, url: visit.url, claims, state: visit.url.searchParams.get('state') ?? '', browser },
      }
    }
    state.faults = []
    if (!visit.url.href.startsWith(login.redirectUri)) return { denied: visit.html.text.trim() }
    try {
      return { claims: (await complete(login, visit)).claims() }
    } catch (error) {
      return { denied: (error as { error_description?: string }).error_description }
    }
  }

  /** Signs in, up to the linking service or the application. */
  async function logIn(options: ActionLogin = {}): Promise<LoginEnd> {
    const { email = 'ann@example.com', connection = 'google-oauth2', clientId, parameters } = options
    const isPassword = connection === 'password'
    const browser = new TestBrowser()
    const login = await startLogin(tenant, {
      ...(clientId && { clientId }),
      parameters: { ...(!isPassword && { connection }), ...parameters },
    })
    const signIn = isPassword ? signInByPassword : signInWithGoogle
    const started = performance.now()
    const visit = await signIn(browser, { ...login, redirectUri: `${service.origin}/` }, email)
    const took = performance.now() - started
    return { ...(await endOf(visit, login, browser)), took }
  }

  /** Signs in, up to the linking service; fails where it is not asked. */
  async function ask(options: ActionLogin = {}): Promise<AskedLogin> {
    const { asked } = await logIn(options)
    if (!asked) throw new Error('the login was not sent to the linking service')
    return asked
  }

  /** Sends the browser back with a token. */
  async function resumeWith(asked: AskedLogin, token: string): Promise<LoginEnd> {
    const { login, browser } = asked
    const anywhere = { ...asked, login: { ...login, redirectUri: `${service.origin}/` } }
    const started = performance.now()
    const visit = await resume(tenant, browser, anywhere, token)
    const took = performance.now() - started
    return { ...(await endOf(visit, login, browser)), took }
  }

  /** Sends the browser back with a good answer, `claims` laid over it. */
  const answer = async (asked: AskedLogin, claims: Record<string, unknown> = {}, secret?: string) =>
    resumeWith(
      asked,
      await answerToken(
        tenant,
        asked,
        {
          iss: service.origin,
          purpose: 'account-link.result',
          jti: crypto.randomUUID(),
          txn: asked.claims.txn,
          ...claims,
        },
        secret,
      ),
    )

  /** Sends the browser back with the answer that links the first candidate, `claims` laid over it. */
  const answerLink = (asked: AskedLogin, claims: Record<string, unknown> = {}) =>
    answer(asked, { ...linkClaims(asked), ...claims })

  /** The calls of the Action so far, by the names of {@link CALLS}, in order; the ending of sessions is not counted. */
  const calls = () =>
    state.ledger
      .filter(({ client_id, path }) => client_id === 'linking-m2m' && !ENDING.test(path))
      .map(({ method, path }) => CALLS.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1] ?? path)

  /** What the Action logged, parsed. */
  const logs = () => state.actionLogs.map(({ line }) => JSON.parse(line) as Record<string, unknown>)

  /** A user; fails where there is none. */
  function userOf(userId: string): StoredUser {
    const user = state.users.get(userId)
    if (!user) throw new Error(`there is no user ${userId}`)
    return user
  }

  /** The ids of a user's identities. */
  const identitiesOf = (userId: string) =>
    userOf(userId).identities.map(({ provider, user_id }) => `${provider}|${user_id}`)

  /** What the Action remembers about a user. */
  const marksOf = (userId: string) => (userOf(userId).app_metadata.account_linking ?? {}) as Metadata

  beforeEach(() => {
    service.reset()
    for (const name of Object.keys(state.settings.secrets)) delete state.settings.secrets[name]
    state.reset()
    // What ends later is tested where that matters.
    state.changeOptions({ ending_delay_ms: 0 })
  })

  // The first login also starts the process Actions run in, which is none of the time a test measures.
  await logIn({ connection: 'password', email: 'dee@example.com' })
  return {
    ...{ tenant, state, service, configure, play, logIn, ask, answer, answerLink, resumeWith },
    ...{ calls, logs, userOf, identitiesOf, marksOf },
  }
}

/** What an answer says that links the first candidate, as the hint has it. */
export function linkClaims({ claims }: AskedLogin): Record<string, unknown> {
  const [candidate] = claims.candidate_identities as AskedCandidate[]
  const wire = ({ user_id, provider, connection }: Partial<Identity> = {}) => ({
    user_id,
    provider,
    connection,
  })
  const pair = [wire(candidate), wire(claims.current_identity as Identity)]
  if (candidate?.stays === 'current') pair.reverse()
  return { result: 'link', primary_identity: pair[0], secondary_identity: pair[1] }
}
