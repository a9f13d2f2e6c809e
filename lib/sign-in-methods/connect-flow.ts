/**
 * One run of proving an account from the settings page: a sealed cookie of its own, bound to who is signed in.
 * @module
 */
import 'server-only'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Services } from '../link-flow/services'
import { logEvent } from '../observability/log'
import { AuthorizationAttempt } from '../oidc/authorization-attempt'
import { cookieName, requestCookies, setCookie, type WithHeaders } from '../session/cookies'
import type { WayBack } from '../way-back/carried'
import { nowSeconds } from './seconds'

const SEAL_PURPOSE = 'connect-flow'
const COOKIE_PREFIX = 'connect_'
/** Longest time from opening a flow to its last answer, in seconds. */
const FLOW_LIFE_SECONDS = 10 * 60
/** Flows of one browser that are kept. */
const MAX_FLOWS = 2
/** Characters above which a flow leaves no room for our other cookies. */
const MAX_COOKIE_LENGTH = 3_000
/** The same for a flow with a way back, whose address may be long; browsers keep 4,096 bytes with the name and the attributes. */
const MAX_COOKIE_WITH_WAY_BACK = 3_800

const Chosen = z.object({
  connection: z.string(),
  provider: z.string(),
  /** The account that is meant, if one was suggested, and its address. */
  userId: z.string().optional(),
  email: z.string().optional(),
})

const Proof = z.object({
  userId: z.string(),
  email: z.string().optional(),
  hasUsedMfa: z.boolean(),
  /** When, by our clock, in milliseconds since the epoch. Flows from before an upgrade do not say. */
  at: z.number().optional(),
  /** When the person signed in for it, by the tenant's clock, in seconds since the epoch. */
  authTime: z.number().optional(),
  /** The tenant's name of the session that began with it. */
  sid: z.string().optional(),
  /** The ID token, if it names the account to the tenant. */
  idToken: z.string().optional(),
  /** The account as it was then, if it cannot be read again. */
  seen: z
    .object({
      email: z.string().optional(),
      isEmailVerified: z.boolean(),
      hasMfa: z.boolean(),
      identities: z.array(z.object({ user_id: z.string(), provider: z.string(), connection: z.string() })),
      /** Names of its metadata fields. */
      fields: z.object({ user_metadata: z.array(z.string()), app_metadata: z.array(z.string()) }),
    })
    .optional(),
})

const ConnectFlowShape = z.object({
  /** Names the flow in addresses and in its cookie. */
  handle: z.string(),
  /** Who was signed in when it was opened. */
  sub: z.string(),
  /** Seconds since the epoch. */
  openedAt: z.number(),
  /** What to connect; absent if the person only signs in again. */
  chosen: Chosen.optional(),
  /** Path and query of ours to go back to after that. */
  returnTo: z.string().optional(),
  /** The way back to the application that the person came from: the tenant's answer brings none. */
  wayBack: z.object({ clientId: z.string(), returnTo: z.string() }).optional() satisfies z.ZodType<
    WayBack | undefined
  >,
  /** Whose sign-in needs a second factor. */
  needsMfa: z.array(z.enum(['current', 'other'])).optional(),
  /** An authorization under way, and whose sign-in it asks for. */
  attempt: AuthorizationAttempt.extend({ of: z.enum(['current', 'other']) }).optional(),
  proof: Proof.optional(),
  /** The account that was signed in to instead, as it may be shown. */
  wrong: z.object({ isCurrent: z.boolean(), provider: z.string(), email: z.string().optional() }).optional(),
  /** An account that this flow's own sign-in created. */
  born: z.string().optional(),
})

/** One run of proving an account. */
export type ConnectFlow = z.infer<typeof ConnectFlowShape>
/** The account that was proven. */
export type ConnectProof = z.infer<typeof Proof>

/** A new flow. */
export function newConnectFlow(
  sub: string,
  purpose: Pick<ConnectFlow, 'chosen' | 'returnTo' | 'needsMfa' | 'wayBack'>,
): ConnectFlow {
  return { handle: randomBytes(8).toString('hex'), sub, openedAt: nowSeconds(), ...purpose }
}

/**
 * The `Set-Cookie` line that keeps a flow; undefined if it is too large for a cookie. A way back for which there is no room is left
 * out.
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
 * The `Set-Cookie` lines that make room for a flow.
 *
 * @param handle - Of the flow.
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
 * Reads a flow of this browser.
 *
 * @param handle - As in our addresses; anything else is no flow.
 * @param sub - Who is signed in: a flow of another person's session is not theirs.
 * @returns The flow, or undefined if there is none, if its cookie comes twice, or if it has expired.
 */
export async function readConnectFlow(
  services: Pick<Services, 'isSecure' | 'sealer'>,
  request: WithHeaders,
  handle: string | undefined,
  sub: string,
): Promise<ConnectFlow | undefined> {
  if (!handle || !/^[0-9a-f]{16}$/.test(handle)) return undefined
  const [cookie, ...others] = requestCookies(request).filter(
    ({ name }) => name === connectFlowCookieName(services, handle),
  )
  if (!cookie || others.length > 0) return undefined
  const { data } = ConnectFlowShape.safeParse(await services.sealer.unseal(SEAL_PURPOSE, cookie.value))
  return data?.handle === handle && data.sub === sub ? data : undefined
}

/** Whether a cookie is that of a flow. */
export const isConnectFlowCookie = (services: Pick<Services, 'isSecure'>, name: string): boolean =>
  name.startsWith(cookieName(services, COOKIE_PREFIX))
/** The name of a flow's cookie. */
export const connectFlowCookieName = (services: Pick<Services, 'isSecure'>, handle: string): string =>
  cookieName(services, `${COOKIE_PREFIX}${handle}`)
