/**
 * The kinds of background jobs. To add one, add a row to {@link JOB_KINDS}: storing, retrying and giving up work the same for all kinds.
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
import { EndingUnderWay, ForeignChange, LinkUnderWay, type LoadAccountWork } from './account-work'

/** The services that jobs use. */
export interface JobServices
  extends Pick<Config, 'adoptionWebhook' | 'appBaseUrl' | 'eventsWebhook' | 'redisUrl'> {
  /** Encrypts the data of jobs in Redis, because some of it contains email addresses. */
  sealer: Sealer
  accountWork: LoadAccountWork
  /** Undefined if no mails are sent. */
  mails: MailServices | undefined
}

/** A kind of job. */
interface JobKind<Data> {
  /** The data of a job of this kind. A job with other data is given up. */
  shape: z.ZodType<Data>
  /** Waits before the second and each later attempt, in milliseconds. After the last one the job is given up. */
  pauses: readonly number[]
  /** How long workers leave a new job to the process that made it, in milliseconds: longer than its first attempt takes. */
  firstTryMs: number
  /**
   * Makes one attempt. The same attempt may run twice, so a second run must have no further effect.
   *
   * @param attempt - Counted from 1.
   * @returns Undefined if the job is done.
   */
  run(services: JobServices, id: string, data: Data, attempt: number): Promise<DeliveryFailure | undefined>
  /** Logs that the job was given up. */
  giveUp(id: string, code: LossCode): void
}

/** Makes a row whose `run` checks the data of a job first. */
const kind = <Data>({ shape, run, ...row }: JobKind<Data>) => ({
  ...row,
  /** @throws {z.ZodError} If the data does not have the `shape` of the kind. */
  run: async (services: JobServices, id: string, data: unknown, attempt: number) =>
    run(services, id, shape.parse(data), attempt),
})

/** Waits before the later attempts to send to a webhook of the operator, in milliseconds. */
const RECEIVER_PAUSES = [5_000, 15_000, 45_000, 135_000, 405_000]
const RECEIVER_TRY_MS = 10_000
/**
 * Waits before each check of a link that may have been interrupted, in milliseconds. A login takes up to 20 s to link. If
 * the link was not made, a check takes back the rights that were given for it, within about a minute. The checks continue
 * for longer than the 15 minutes after which the operator's application forgets that we asked it about the link (the
 * `prepare` of an adoption).
 */
const LINK_PAUSES = [45_000, 10_000, 10_000, 20_000, 60_000, 120_000, 300_000, 420_000, 900_000]
/**
 * Waits before the later attempts to end the sessions and refresh tokens of {@link EndingUnderWay}, in milliseconds. After
 * the last attempt, the next login or view of the page "Sign-in methods" ends them.
 */
const ENDING_PAUSES = [5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000]

/** Waits before the later attempts to follow a {@link ForeignChange}, in milliseconds: at least 90 minutes in all. */
const FOREIGN_PAUSES = [...RECEIVER_PAUSES, 1_200_000, 3_600_000]

/** Waits before the later attempts to give a mail to the mail server, in milliseconds: about a day in all. */
const MAIL_PAUSES = [...RECEIVER_PAUSES, ...[20, 60, 120, 240, 360, 540].map((minutes) => minutes * 60_000)]

/** Every kind, by its name. Jobs in Redis have the same name. */
export const JOB_KINDS = {
  /** An event for the operator's webhook. */
  webhook: kind({
    shape: z.object({ body: z.string() }),
    pauses: RECEIVER_PAUSES,
    firstTryMs: RECEIVER_TRY_MS,
    run: (services, id, { body }, attempt) => attemptDelivery(services, id, body, attempt),
    giveUp: loseEvent,
  }),
  /** Tells the operator's application that a link was made (`commit`) or not (`abandon`): see `lib/events/adoptions.ts`. */
  adoption: kind({
    shape: z.object({ body: z.string() }),
    pauses: RECEIVER_PAUSES,
    firstTryMs: RECEIVER_TRY_MS,
    // The first attempt was made before this job was created, so the number in the log is one higher.
    run: ({ adoptionWebhook }, id, { body }, attempt) =>
      attemptAdoption(adoptionWebhook, id, body, attempt + 1),
    giveUp: loseAdoption,
  }),
  /** A check of two accounts whose link may have been interrupted. It is always planned for later, never tried at once. */
  link: kind({
    shape: LinkUnderWay,
    pauses: LINK_PAUSES,
    firstTryMs: LINK_PAUSES[0] ?? 0,
    run: async ({ accountWork }, _id, link) =>
      (await (await accountWork()).settleLink(link)) ? undefined : {},
    giveUp: (_id, code) => logEvent('not_tidied', { code }),
  }),
  /** Ends an account's sessions and refresh tokens from before a link or an undo. */
  ending: kind({
    shape: EndingUnderWay,
    pauses: ENDING_PAUSES,
    firstTryMs: 30_000,
    run: async ({ accountWork }, _id, ending, attempt) =>
      (await (await accountWork()).goOnEnding(ending, attempt === 1)) ? undefined : {},
    giveUp: (_id, code) => logEvent('access_not_ended', { code }),
  }),
  /** Records a link or an unlink that this project did not make, and tells the person and the operator's application. */
  foreign: kind({
    shape: ForeignChange,
    pauses: FOREIGN_PAUSES,
    firstTryMs: 20_000,
    run: async ({ accountWork }, _id, change) =>
      (await (await accountWork()).followForeignChange(change)) ? undefined : {},
    giveUp: (id, code) => logEvent('foreign_change_lost', { id, code }),
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

/** The name of a kind of job. */
export type JobName = keyof typeof JOB_KINDS

/** A job, before it is stored or tried. */
export interface Job {
  name: JobName
  /** The same in every attempt. It contains no colon, because colons separate the parts of a key in Redis. */
  id: string
  data: unknown
}
