/**
 * Connect flow: one attempt to prove ownership of an account from the page "Sign-in methods". Each flow has its own sealed
 * (encrypted and authenticated) cookie, which is valid only for the person who started the flow.
 * @module
 */
import 'server-only'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Services } from '../../link-flow/services'
import { logEvent } from '../../observability/log'
import { AuthorizationAttempt } from '../../oidc/authorization-attempt'
import { cookieName, requestCookies, setCookie, soleCookie, type WithHeaders } from '../../session/cookies'
import type { WayBack } from '../../way-back/carried'
import { nowSeconds } from '../seconds'

const SEAL_PURPOSE = 'connect-flow'
const COOKIE_PREFIX = 'connect_'
/** How long a flow can be used after it was opened, in seconds. Its cookie then no longer opens. */
const FLOW_LIFE_SECONDS = 10 * 60
/** How many flows one browser keeps at most. */
const MAX_FLOWS = 2
/** Longest cookie value of a flow, in characters. A longer one would leave no room for our other cookies. */
const MAX_COOKIE_LENGTH = 3_000
/**
 * Longest cookie value of a flow that has a return link, whose URL may be long. Browsers keep 4,096 bytes, including the
 * name and the attributes.
 */
const MAX_COOKIE_WITH_WAY_BACK = 3_800

const Chosen = z.object({
  connection: z.string(),
  provider: z.string(),
  /** The account to connect and its email address, if the person chose a suggestion. */
  userId: z.string().optional(),
  email: z.string().optional(),
})

const Proof = z.object({
  userId: z.string(),
  email: z.string().optional(),
  hasUsedMfa: z.boolean(),
  /** When the proof arrived, by our clock, in milliseconds since the epoch. Flows from before an upgrade lack it. */
  at: z.number().optional(),
  /** When the person signed in for the proof, by the tenant's clock, in seconds since the epoch. */
  authTime: z.number().optional(),
  /** The `sid` of the tenant session that this sign-in started, if the ID token has one. */
  sid: z.string().optional(),
  /** The ID token, if the link request must contain it as `link_with`. */
  idToken: z.string().optional(),
  /** The account at the time of the proof, if it cannot be read later. */
  seen: z
    .object({
      email: z.string().optional(),
      isEmailVerified: z.boolean(),
      hasMfa: z.boolean(),
      identities: z.array(z.object({ user_id: z.string(), provider: z.string(), connection: z.string() })),
      /** Names of the account's metadata fields. */
      fields: z.object({ user_metadata: z.array(z.string()), app_metadata: z.array(z.string()) }),
    })
    .optional(),
})

const ConnectFlowShape = z.object({
  /** Id of the flow in URLs and in the name of its cookie. */
  handle: z.string(),
  /** User id of the person who opened the flow. */
  sub: z.string(),
  /** When the flow was opened, in seconds since the epoch. */
  openedAt: z.number(),
  /** The account to connect. Undefined if the person only signs in to the current account again. */
  chosen: Chosen.optional(),
  /** Path and query of our page to which the person returns after signing in again. */
  returnTo: z.string().optional(),
  /** Return link to the application that the person came from: the tenant's response does not contain it. */
  wayBack: z.object({ clientId: z.string(), returnTo: z.string() }).optional() satisfies z.ZodType<
    WayBack | undefined
  >,
  /** The accounts whose sign-in needs a second factor. */
  needsMfa: z.array(z.enum(['current', 'other'])).optional(),
  /** An authorization request that was started, and the account that it asks the person to sign in to. */
  attempt: AuthorizationAttempt.extend({ of: z.enum(['current', 'other']) }).optional(),
  proof: Proof.optional(),
  /** The account that the person signed in to by mistake: only what the page may show of it. */
  wrong: z.object({ isCurrent: z.boolean(), provider: z.string(), email: z.string().optional() }).optional(),
  /** User id of an account that the sign-in of this flow created. */
  born: z.string().optional(),
})

/** One attempt to prove ownership of an account. */
export type ConnectFlow = z.infer<typeof ConnectFlowShape>
/** The account that the person proved ownership of. */
export type ConnectProof = z.infer<typeof Proof>

/** Makes a new flow. */
export function newConnectFlow(
  sub: string,
  purpose: Pick<ConnectFlow, 'chosen' | 'returnTo' | 'needsMfa' | 'wayBack'>,
): ConnectFlow {
  return { handle: randomBytes(8).toString('hex'), sub, openedAt: nowSeconds(), ...purpose }
}

/**
 * The `Set-Cookie` line that stores a flow. The return link is left out if there is no room for it. Undefined if the flow is
 * too large for a cookie even without it.
 */
export async function connectFlowCookie(
  services: Pick<Services, 'isSecure' | 'sealer'>,
  flow: ConnectFlow,
): Promise<string | undefined> {
  const { wayBack, ...needed } = flow
  const deadline = flow.openedAt + FLOW_LIFE_SECONDS
  const seal = (value: object) => services.sealer.seal(SEAL_PURPOSE, value, deadline)
  const toLine = (value: string) =>
    setCookie(services, connectFlowCookieName(services, flow.handle), value, deadline - nowSeconds())
  const whole = await seal(flow)
  if (whole.length <= (wayBack ? MAX_COOKIE_WITH_WAY_BACK : MAX_COOKIE_LENGTH)) return toLine(whole)
  if (!wayBack) return undefined
  logEvent('way_back_ignored', { reason: 'no_room' })
  const value = await seal(needed)
  return value.length > MAX_COOKIE_LENGTH ? undefined : toLine(value)
}

/**
 * The `Set-Cookie` lines that delete other flows of the browser, so that at most {@link MAX_FLOWS} are left, including this
 * one.
 *
 * @param handle - Handle of the flow that is kept.
 */
export function dropOldConnectFlows(
  services: Pick<Services, 'isSecure'>,
  request: WithHeaders,
  handle: string,
): string[] {
  const names = requestCookies(request)
    .map(({ name }) => name)
    .filter(
      (name) =>
        name.startsWith(cookieName(services, COOKIE_PREFIX)) &&
        name !== connectFlowCookieName(services, handle),
    )
  return names
    .slice(0, Math.max(0, names.length - (MAX_FLOWS - 1)))
    .map((name) => setCookie(services, name, '', 0))
}

/**
 * Reads a flow from its cookie.
 *
 * @param handle - From the URL, not checked yet.
 * @param sub - User id of the person who is signed in. A flow that someone else opened is not returned.
 * @returns The flow. Undefined if there is none, if the request has its cookie twice, or if it has expired.
 */
export async function readConnectFlow(
  services: Pick<Services, 'isSecure' | 'sealer'>,
  request: WithHeaders,
  handle: string | undefined,
  sub: string,
): Promise<ConnectFlow | undefined> {
  if (!handle || !/^[0-9a-f]{16}$/.test(handle)) return undefined
  const cookie = soleCookie(request, connectFlowCookieName(services, handle))
  if (!cookie) return undefined
  const { data } = ConnectFlowShape.safeParse(await services.sealer.unseal(SEAL_PURPOSE, cookie))
  return data?.handle === handle && data.sub === sub ? data : undefined
}

/** Whether a cookie stores a connect flow. */
export const isConnectFlowCookie = (services: Pick<Services, 'isSecure'>, name: string): boolean =>
  name.startsWith(cookieName(services, COOKIE_PREFIX))
/** The name of a flow's cookie. */
export const connectFlowCookieName = (services: Pick<Services, 'isSecure'>, handle: string): string =>
  cookieName(services, `${COOKIE_PREFIX}${handle}`)
