/**
 * The kinds of background work. To add one, add a row: the engine keeps it, tries it again and gives it up by the same rules.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { Config } from '../config/config'
import type { Sealer } from '../config/seal'
import { attemptAdoption, loseAdoption } from '../events/deliver-adoption'
import { attemptDelivery, type DeliveryFailure, type LossCode, loseEvent } from '../events/deliver-event'
import { MailJob } from '../mail/mail-job'
import { attemptMail, loseMail } from '../mail/send-mail'
import type { MailServices } from '../mail/services'
import { logEvent } from '../observability/log'
import { EndingUnderWay, LinkUnderWay, type LoadAccountWork } from './account-work'

/** What jobs work with. */
export interface JobServices extends Pick<Config, 'adoptionWebhook' | 'eventsWebhook' | 'redisUrl'> {
  /** Jobs rest sealed in Redis: they hold addresses. */
  sealer: Sealer
  accountWork: LoadAccountWork
  /** Undefined if no mails are sent. */
  mails: MailServices | undefined
}

/** A kind of job. */
interface JobKind<Data> {
  /** What it needs to know; a job that holds anything else is given up. */
  shape: z.ZodType<Data>
  /** Waits before the second try and the later ones, in milliseconds. */
  pauses: readonly number[]
  /** How long a new job is left to the process that made it, in milliseconds: longer than its first try takes. */
  firstTryMs: number
  /**
   * Tries it once. It may run twice, so its effect must be the same then.
   *
   * @param attempt - Counted from 1.
   * @returns Undefined if it is done.
   */
  run(services: JobServices, id: string, data: Data, attempt: number): Promise<DeliveryFailure | undefined>
  /** Says once that it is not tried any more. */
  giveUp(id: string, code: LossCode): void
}

/** A row that looks at what it is given before it is run. */
const kind = <Data>({ shape, run, ...row }: JobKind<Data>) => ({
  ...row,
  /** @throws {z.ZodError} If the job holds anything else. */
  run: async (services: JobServices, id: string, data: unknown, attempt: number) =>
    run(services, id, shape.parse(data), attempt),
})

/** Waits before the later tries to reach a receiver of the operator's, in milliseconds. */
const RECEIVER_PAUSES = [5_000, 15_000, 45_000, 135_000, 405_000]
const RECEIVER_TRY_MS = 10_000
/**
 * Waits between looks at a link that was under way, in milliseconds. A login may take 20 s for it, and what was given for one that was
 * not made is to be gone within a minute; a `prepare` ends after 15 minutes.
 */
const LINK_PAUSES = [45_000, 10_000, 10_000, 20_000, 60_000, 120_000, 300_000, 420_000, 900_000]
/** Waits before the later tries to end what an account notes, in milliseconds. After the last one a login or a view goes on. */
const ENDING_PAUSES = [5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000]

/** Waits before the later tries to hand a mail over, in milliseconds: for a day. */
const MAIL_PAUSES = [...RECEIVER_PAUSES, ...[20, 60, 120, 240, 360, 540].map((minutes) => minutes * 60_000)]

/** Every kind, by the name under which its jobs are kept. */
export const JOB_KINDS = {
  /** An event for the operator's webhook. */
  webhook: kind({
    shape: z.object({ body: z.string() }),
    pauses: RECEIVER_PAUSES,
    firstTryMs: RECEIVER_TRY_MS,
    run: ({ eventsWebhook }, id, { body }, attempt) => attemptDelivery(eventsWebhook, id, body, attempt),
    giveUp: loseEvent,
  }),
  /** A commit or an abandon for the application that moves its own data. */
  adoption: kind({
    shape: z.object({ body: z.string() }),
    pauses: RECEIVER_PAUSES,
    firstTryMs: RECEIVER_TRY_MS,
    // The first attempt was made before there was a job.
    run: ({ adoptionWebhook }, id, { body }, attempt) =>
      attemptAdoption(adoptionWebhook, id, body, attempt + 1),
    giveUp: loseAdoption,
  }),
  /** A look at two accounts whose link was under way. It is planned: there is no first try. */
  link: kind({
    shape: LinkUnderWay,
    pauses: LINK_PAUSES,
    firstTryMs: LINK_PAUSES[0] ?? 0,
    run: async ({ accountWork }, _id, link) =>
      (await (await accountWork()).settleLink(link)) ? undefined : {},
    giveUp: (_id, code) => logEvent('not_tidied', { code }),
  }),
  /** Sessions and refresh tokens from before a change that still have to end. */
  ending: kind({
    shape: EndingUnderWay,
    pauses: ENDING_PAUSES,
    firstTryMs: 30_000,
    run: async ({ accountWork }, _id, ending, attempt) =>
      (await (await accountWork()).goOnEnding(ending, attempt === 1)) ? undefined : {},
    giveUp: (_id, code) => logEvent('access_not_ended', { code }),
  }),
  /** A mail to the owner of one of the accounts of an event. */
  mail: kind({
    shape: MailJob,
    pauses: MAIL_PAUSES,
    firstTryMs: RECEIVER_TRY_MS,
    run: ({ mails }, id, job, attempt) => attemptMail(mails, id, job, attempt),
    giveUp: loseMail,
  }),
}

/** The name of a kind. */
export type JobName = keyof typeof JOB_KINDS

/** A job to be done. */
export interface Job {
  name: JobName
  /** Names it in every try. Without a colon, which separates the parts of a key. */
  id: string
  data: unknown
}
