/**
 * A local tenant that runs the built Action, and a stand-in for the linking service: tests log in, send response tokens, and
 * check the results.
 * @module
 */
import type { IDToken } from 'openid-client'
import { beforeEach, vi } from 'vitest'
import type { Identity, Metadata } from '@/core'
import type { FaultRule } from '@/local-tenant/control/records'
import type { StoredUser } from '@/local-tenant/model'
import { TestBrowser, type Visit } from '../browser/browser'
import {
  complete,
  type StartedLogin,
  signInByPassword,
  signInWithGoogle,
  startLogin,
} from '../tenant/sign-in'
import { answerToken, resume, type SuspendedLogin } from '../tenant/suspended-login'
import { aTenant } from '../tenant/tenant'
import { buildAction } from './build'
import { anActionService } from './service'

/** A login, as a test specifies it. */
export interface ActionLogin {
  email?: string
  /** `password`, or the name of another connection; by default Google's. */
  connection?: string
  clientId?: string
  /** Further parameters of the authorization request. */
  parameters?: Record<string, string>
}

/** How a login, or a part of it, ended. */
export interface LoginEnd {
  /** Set if the login waits for the linking service. */
  asked?: AskedLogin
  /** Set if the login succeeded: claims of the ID token. */
  claims?: IDToken
  /** Set if the login was refused: the error's description. */
  denied?: string
  /** Duration in milliseconds. */
  took: number
}

/** A login that waits for the linking service, in its browser. */
export type AskedLogin = SuspendedLogin & { browser: TestBrowser }

/** A candidate in the session token. */
export type AskedCandidate = Identity & { stays: string; carried: number; mfa: boolean; also: string[] }

/** The candidates of a waiting login. */
export const candidatesOf = ({ asked }: LoginEnd): AskedCandidate[] =>
  (asked?.claims.candidate_identities ?? []) as AskedCandidate[]

/** Names that tests use for API calls, by method and path. */
const CALLS: [RegExp, string][] = [
  [/^POST \/oauth\/token$/, 'token'],
  [/^GET .*\/users-by-email$/, 'lookup'],
  [/^GET .*\/users\//, 'read'],
  [/^PATCH .*\/users\//, 'patch'],
  [/^POST .*\/identities$/, 'link'],
]

/** Paths of API calls that end sessions and refresh tokens, or read rights. */
const SESSIONS_OR_RIGHTS =
  /\/(sessions|refresh-tokens|roles|permissions|organizations|authentication-methods)\b/

/** Starts everything for one test file, and resets it before each test. */
export async function anActionTenant() {
  // Some tests wait until a time limit ends, and the machine may be busy.
  vi.setConfig({ testTimeout: 20_000 })
  const service = await anActionService()
  const { hostname, port } = new URL(service.origin)
  const tenant = await aTenant({ actions: [await buildAction()], appHost: hostname, appPort: Number(port) })
  const { state } = tenant

  /** Adds secrets to the Action. */
  const configure = (secrets: Record<string, string>) => Object.assign(state.settings.secrets, secrets)
  /** Makes the tenant's APIs fail as the rules say, until the login ends. */
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

  /** Signs in and follows redirects to the linking service or the application. */
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

  /** Signs in and follows redirects to the linking service; throws if the login does not reach it. */
  async function ask(options: ActionLogin = {}): Promise<AskedLogin> {
    const { asked } = await logIn(options)
    if (!asked) throw new Error('the login was not sent to the linking service')
    return asked
  }

  /** Sends the browser back to the tenant with a token. */
  async function resumeWith(asked: AskedLogin, token: string): Promise<LoginEnd> {
    const { login, browser } = asked
    const anywhere = { ...asked, login: { ...login, redirectUri: `${service.origin}/` } }
    const started = performance.now()
    const visit = await resume(tenant, browser, anywhere, token)
    const took = performance.now() - started
    return { ...(await endOf(visit, login, browser)), took }
  }

  /** Sends the browser back to the tenant with a valid response token, in which `claims` replace some claims. */
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

  /** Sends the browser back with a response token that links the first candidate, in which `claims` replace some claims. */
  const answerLink = (asked: AskedLogin, claims: Record<string, unknown> = {}) =>
    answer(asked, { ...linkClaims(asked), ...claims })

  /** Names ({@link CALLS}) of the Action's API calls so far, in order, without those that match {@link SESSIONS_OR_RIGHTS}. */
  const calls = () =>
    state.ledger
      .filter(({ client_id, path }) => client_id === 'linking-m2m' && !SESSIONS_OR_RIGHTS.test(path))
      .map(({ method, path }) => CALLS.find(([pattern]) => pattern.test(`${method} ${path}`))?.[1] ?? path)

  /** The Action's log lines, parsed. */
  const logs = () => state.actionLogs.map(({ line }) => JSON.parse(line) as Record<string, unknown>)

  /** A user of the tenant; throws if there is none with this id. */
  function userOf(userId: string): StoredUser {
    const user = state.users.get(userId)
    if (!user) throw new Error(`there is no user ${userId}`)
    return user
  }

  /** The ids of a user's identities. */
  const identitiesOf = (userId: string) =>
    userOf(userId).identities.map(({ provider, user_id }) => `${provider}|${user_id}`)

  /** The Action's marks in a user's `app_metadata.account_linking`. */
  const marksOf = (userId: string) => (userOf(userId).app_metadata.account_linking ?? {}) as Metadata

  beforeEach(() => {
    service.reset()
    for (const name of Object.keys(state.settings.secrets)) delete state.settings.secrets[name]
    state.reset()
    // The tenant ends sessions without a delay here. Other tests cover that delay.
    state.changeOptions({ ending_delay_ms: 0 })
  })

  // The first login also starts the process that runs Actions. Tests must not measure that time, so log in once here.
  await logIn({ connection: 'password', email: 'dee@example.com' })
  return {
    ...{ tenant, state, service, configure, play, logIn, ask, answer, answerLink, resumeWith },
    ...{ calls, logs, userOf, identitiesOf, marksOf },
  }
}

/** The claims of a response token that links the first candidate. The session token says which account is the primary. */
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
