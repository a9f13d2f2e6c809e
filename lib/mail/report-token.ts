/**
 * The token in a mail with which its reader says "This wasn't me". It takes back and ends, and gives nothing.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { Sealer } from '../config/seal'

/** How long a token works, in seconds. */
export const REPORT_SECONDS = 7 * 86_400
/** How long an expired token can still be told from a forged one, in seconds. */
const READABLE_SECONDS = 90 * 86_400

const PURPOSE = 'mail-report'

/** What the reader of a mail reports. */
export const Report = z.object({
  /** `link`: exactly this link is to be taken back. `change`: sessions are to end, no more. */
  kind: z.enum(['link', 'change']),
  userId: z.string(),
  otherId: z.string().optional(),
  connection: z.string().optional(),
  /** Of a link: when it was made, as its snapshot says. Seconds since the epoch. */
  linkedAt: z.number().optional(),
  /** When the event happened, in milliseconds since the epoch. */
  at: z.number(),
  /** Of the mail: BCP 47. */
  language: z.string(),
})

/** @see {@link Report} */
export type Report = z.output<typeof Report>

const Sealed = z.object({ report: Report, until: z.number() })

/** Seals a report, for the address in a mail. */
export const sealReport = (sealer: Sealer, report: Report): Promise<string> => {
  const now = Date.now() / 1000
  return sealer.seal(PURPOSE, { report, until: now + REPORT_SECONDS }, now + READABLE_SECONDS)
}

/**
 * Opens the token of a mail.
 *
 * @returns The report; `expired` after seven days; undefined if we did not make the token, or months ago.
 */
export async function openReport(sealer: Sealer, token: string): Promise<Report | 'expired' | undefined> {
  const { data } = Sealed.safeParse(await sealer.unseal(PURPOSE, token))
  if (!data) return undefined
  return data.until > Date.now() / 1000 ? data.report : 'expired'
}
