/**
 * The session of an operator in the console. It is apart from the session of the page "Sign-in methods": shorter, with a cookie of
 * its own, and begun only by a sign-in for the console.
 * @module
 */
import 'server-only'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { cookieName, requestCookies, setCookie, type WithHeaders } from '../session/cookies'
import type { ConsoleServices } from './services'

const SEAL_PURPOSE = 'console-session'
const COOKIE = 'console'
/** Longest session, in seconds from the sign-in. Looking at pages does not extend it. */
export const SESSION_SECONDS = 30 * 60

const ConsoleSessionShape = z.object({
  /** Random; names the session in what the console seals and counts. */
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
 * A new session, and the `Set-Cookie` line that keeps it.
 *
 * @param before - The session that the browser has. If it is the same operator's, the new one has its id, so that an open page goes
 *   on after a new sign-in.
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

/** The session of a request; undefined if there is none, if its cookie comes twice, or if it is over. */
export async function readSession(
  services: Pick<ConsoleServices, 'isSecure' | 'sealer'>,
  request: WithHeaders,
): Promise<ConsoleSession | undefined> {
  const name = cookieName(services, COOKIE)
  const [cookie, ...others] = requestCookies(request).filter((each) => each.name === name)
  if (!cookie || others.length > 0) return undefined
  return ConsoleSessionShape.safeParse(await services.sealer.unseal(SEAL_PURPOSE, cookie.value)).data
}
