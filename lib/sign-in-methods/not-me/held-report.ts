/**
 * Stores a report "This wasn't me" in a sealed (encrypted) cookie for ten minutes: from the click on the link in the mail
 * until the reader confirms. The URL of the page therefore contains no token.
 * @module
 */
import 'server-only'
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { LinkingError } from '../../../core/errors'
import type { Sealer } from '../../config/seal'
import { Report } from '../../mail/report-token'
import {
  type CookieSettings,
  cookieName,
  setCookie,
  soleCookie,
  type WithHeaders,
} from '../../session/cookies'

/** How long the reader can take to confirm, in seconds. */
const HELD_SECONDS = 600

const NAME = 'not_me'
const PURPOSE = 'not-me'

const Held = z.object({ report: Report, csrf: z.string() })

/** A report, and the CSRF token in the form of its page. */
export type HeldReport = z.output<typeof Held>

/** The services for storing a report. */
interface HeldServices extends CookieSettings {
  sealer: Sealer
}

/** The `Set-Cookie` line that stores a report. */
export async function holdReport(services: HeldServices, report: Report): Promise<string> {
  const csrf = randomBytes(16).toString('base64url')
  const sealed = await services.sealer.seal(PURPOSE, { report, csrf }, Date.now() / 1000 + HELD_SECONDS)
  return setCookie(services, cookieName(services, NAME), sealed, HELD_SECONDS)
}

/** The report in the request's cookie. Undefined if there is no such cookie, if there are two, or if it has expired. */
export async function heldReport(
  services: HeldServices,
  request: WithHeaders,
): Promise<HeldReport | undefined> {
  const cookie = soleCookie(request, cookieName(services, NAME))
  if (!cookie) return undefined
  return Held.safeParse(await services.sealer.unseal(PURPOSE, cookie)).data
}

/** The `Set-Cookie` line that deletes the stored report. */
export const forgetReport = (services: CookieSettings): string =>
  setCookie(services, cookieName(services, NAME), '', 0)

/** @throws {LinkingError} `csrf` if the form does not contain the CSRF token of the stored report. */
export function assertOwnForm({ csrf }: HeldReport, fields: ReadonlyMap<string, string>): void {
  if (fields.get('csrf') !== csrf) throw new LinkingError('csrf')
}
