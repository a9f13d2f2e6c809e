/**
 * The token in a mail with which its reader reports "This wasn't me". It can undo a link or end sessions; it gives no access.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { Sealer } from '../config/seal'

/** How long a token works, in seconds. */
export const REPORT_SECONDS = 7 * 86_400
/** How long we can tell an expired token from a forged one, in seconds since it was made. */
const READABLE_SECONDS = 90 * 86_400

const PURPOSE = 'mail-report'

/** A report by the reader of a mail. */
export const Report = z.object({
  /** `link`: undo exactly this link, and end sessions. `change`: only end sessions. */
  kind: z.enum(['link', 'change']),
  userId: z.string(),
  otherId: z.string().optional(),
  connection: z.string().optional(),
  /** With `link`: when the link was made, by its snapshot, in seconds since the epoch. */
  linkedAt: z.number().optional(),
  /** When the event happened, in milliseconds since the epoch. */
  at: z.number(),
  /** Language of the mail, as a BCP 47 tag. */
  language: z.string(),
})

/** @see {@link Report} */
export type Report = z.output<typeof Report>

const Sealed = z.object({ report: Report, until: z.number() })

/** Seals a report as a token for a URL in a mail. */
export const sealReport = (sealer: Sealer, report: Report): Promise<string> => {
  const now = Date.now() / 1000
  return sealer.seal(PURPOSE, { report, until: now + REPORT_SECONDS }, now + READABLE_SECONDS)
}

/**
 * Unseals the token of a mail.
 *
 * @returns The report; `expired` after seven days; undefined if the token is forged, or older than 90 days.
 */
export async function openReport(sealer: Sealer, token: string): Promise<Report | 'expired' | undefined> {
  const { data } = Sealed.safeParse(await sealer.unseal(PURPOSE, token))
  if (!data) return undefined
  return data.until > Date.now() / 1000 ? data.report : 'expired'
}
