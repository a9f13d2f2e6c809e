/**
 * A report between the mail and the button: in a cookie of ten minutes, so that the address of the page holds no token.
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
  requestCookies,
  setCookie,
  type WithHeaders,
} from '../../session/cookies'

/** How long the page can be open, in seconds. */
const HELD_SECONDS = 600

const NAME = 'not_me'
const PURPOSE = 'not-me'

const Held = z.object({ report: Report, csrf: z.string() })

/** A report, and what only its page knows. */
export type HeldReport = z.output<typeof Held>

/** What keeping a report needs. */
interface HeldServices extends CookieSettings {
  sealer: Sealer
}

/** The `Set-Cookie` line that keeps a report for its page. */
export async function holdReport(services: HeldServices, report: Report): Promise<string> {
  const csrf = randomBytes(16).toString('base64url')
  const sealed = await services.sealer.seal(PURPOSE, { report, csrf }, Date.now() / 1000 + HELD_SECONDS)
  return setCookie(services, cookieName(services, NAME), sealed, HELD_SECONDS)
}

/** The report that the browser keeps; undefined if it keeps none, two of them, or one that is too old. */
export async function heldReport(
  services: HeldServices,
  request: WithHeaders,
): Promise<HeldReport | undefined> {
  const name = cookieName(services, NAME)
  const found = requestCookies(request).filter((cookie) => cookie.name === name)
  const [only] = found
  if (!only || found.length > 1) return undefined
  return Held.safeParse(await services.sealer.unseal(PURPOSE, only.value)).data
}

/** The `Set-Cookie` line that forgets it. */
export const forgetReport = (services: CookieSettings): string =>
  setCookie(services, cookieName(services, NAME), '', 0)

/** @throws {LinkingError} `csrf` if a form is not the one of this page. */
export function assertOwnForm({ csrf }: HeldReport, fields: ReadonlyMap<string, string>): void {
  if (fields.get('csrf') !== csrf) throw new LinkingError('csrf')
}
