/**
 * Steps of a person who reports a change from a mail ("This wasn't me"), and of an attacker who forges such a report.
 * @module
 */
import { z } from 'zod'
import { type Verb, verb } from '../verb'
import { seal, secretOf } from './flow-cookies'

/** How long the service can still tell an expired token from a forged one, in seconds. */
const READABLE_SECONDS = 90 * 86_400

export const REPORT_VERBS: Record<string, Verb> = {
  /**
   * Stores the token of a mail about a link of two accounts as `$REPORT`. By default it is the token that the service makes
   * for the current link. `about`: seconds to add to the time of the link. `ended`: seconds since the token expired; by
   * default it is valid for another hour. `purpose`, `secret`: what it is sealed for and with.
   */
  'take report': verb(
    {
      kind: z.enum(['link', 'change']).optional(),
      user: z.string().optional(),
      other: z.string().optional(),
      about: z.number().optional(),
      ended: z.number().optional(),
      purpose: z.string().optional(),
      secret: z.string().optional(),
    },
    async (run, { kind = 'link', user = 'auth0|ann', other = 'google-oauth2|ann-g', about = 0, ...step }) => {
      const { ended = -3_600, purpose = 'mail-report', secret = secretOf(run) } = step
      const fields = Object.entries((await run.flow.tenant.user(user))?.app_metadata ?? {})
      const snapshots = fields.map(([, value]) => value as { at?: number; user_id?: string })
      const linkedAt = (snapshots.find(({ user_id }) => user_id === other)?.at ?? 0) + about
      const now = Math.floor(Date.now() / 1000)
      const report = { kind, userId: user, otherId: other, linkedAt, at: now * 1000, language: 'en' }
      const sealed = { report, until: now - ended }
      run.values.REPORT = await seal(secret, purpose, sealed, now + READABLE_SECONDS)
    },
  ),
}
