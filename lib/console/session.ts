/**
 * The session of an operator in the console. It is separate from the session of the page "Sign-in methods": it is shorter, has its
 * own cookie, and only a sign-in for the console starts it.
 * @module
 */
import 'server-only'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { cookieName, setCookie, soleCookie, type WithHeaders } from '../session/cookies'
import type { ConsoleServices } from './services'

const SEAL_PURPOSE = 'console-session'
const COOKIE = 'console'
/** How long a session lasts, in seconds from the sign-in. Viewing pages does not extend it. */
export const SESSION_SECONDS = 30 * 60

const ConsoleSessionShape = z.object({
  /** A random id of the session. Sealed references and rate limits are bound to it. */
  id: z.string(),
  /** `provider|id` of the operator. */
  userId: z.string(),
  /** When the operator signed in, in seconds since the epoch by the tenant's clock. */
  authTime: z.number(),
  /** When the session began, in seconds since the epoch by our clock. */
  since: z.number(),
})

/** An operator who is signed in to the console. */
export type ConsoleSession = z.infer<typeof ConsoleSessionShape>

/**
 * Makes a new session, and the `Set-Cookie` line that stores it in the browser.
 *
 * @param before - The session that the browser already has. If it belongs to the same operator, the new session keeps its id, so
 *   that pages which are still open work after the new sign-in.
 */
export async function beginSession(
  services: Pick<ConsoleServices, 'isSecure' | 'sealer'>,
  { userId, authTime }: Pick<ConsoleSession, 'userId' | 'authTime'>,
  before: ConsoleSession | undefined,
  now: number,
): Promise<{ session: ConsoleSession; cookie: string }> {
  const id = before?.userId === userId ? before.id : randomBytes(12).toString('base64url')
  const session = { id, since: now, userId, authTime }
  const sealed = await services.sealer.seal(SEAL_PURPOSE, session, now + SESSION_SECONDS)
  return { session, cookie: setCookie(services, cookieName(services, COOKIE), sealed, SESSION_SECONDS) }
}

/** The `Set-Cookie` line that ends the session. */
export const endSession = (services: Pick<ConsoleServices, 'isSecure'>): string =>
  setCookie(services, cookieName(services, COOKIE), '', 0)

/** Reads the session of a request; undefined if there is none, if it has expired, or if the request has its cookie twice. */
export async function readSession(
  services: Pick<ConsoleServices, 'isSecure' | 'sealer'>,
  request: WithHeaders,
): Promise<ConsoleSession | undefined> {
  const cookie = soleCookie(request, cookieName(services, COOKIE))
  if (!cookie) return undefined
  return ConsoleSessionShape.safeParse(await services.sealer.unseal(SEAL_PURPOSE, cookie)).data
}
