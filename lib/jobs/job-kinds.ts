/**
 * The kinds of background work. To add one, add a row: the engine keeps it, tries it again and gives it up by the same rules.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { Config } from '../config/config'
import { createSealer, type Sealer } from '../config/seal'
import { attemptAdoption, loseAdoption } from '../events/deliver-adoption'
import { attemptDelivery, type DeliveryFailure, type LossCode, loseEvent } from '../events/deliver-event'
import { MailJob } from '../mail/mail-job'
import { attemptMail, loseMail } from '../mail/send-mail'
import { createMailServices, type MailServices } from '../mail/services'

/** What jobs work with. */
export interface JobServices extends Pick<Config, 'adoptionWebhook' | 'eventsWebhook' | 'redisUrl'> {
  /** Jobs rest sealed in Redis: they hold addresses. */
  sealer: Sealer
  /** Undefined if no mails are sent. */
  mails: MailServices | undefined
}

/** A kind of job. */
interface JobKind<Data> {
  /** What it needs to know; a job that holds anything else is given up. */
  shape: z.ZodType<Data>
  /** Waits before the second try and the later ones, in milliseconds. */
  pauses: readonly number[]
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

const kind = <Data>(row: JobKind<Data>) => row

/** Waits before the later tries to reach a receiver of the operator's, in milliseconds. */
const RECEIVER_PAUSES = [5_000, 15_000, 45_000, 135_000, 405_000]

/** Waits before the later tries to hand a mail over, in milliseconds: for a day. */
const MAIL_PAUSES = [...RECEIVER_PAUSES, ...[20, 60, 120, 240, 360, 540].map((minutes) => minutes * 60_000)]

/** Every kind, by the name under which its jobs are kept. */
export const JOB_KINDS = {
  /** An event for the operator's webhook. */
  webhook: kind({
    shape: z.object({ body: z.string() }),
    pauses: RECEIVER_PAUSES,
    run: ({ eventsWebhook }, id, { body }, attempt) => attemptDelivery(eventsWebhook, id, body, attempt),
    giveUp: loseEvent,
  }),
  /** A commit or an abandon for the application that moves its own data. */
  adoption: kind({
    shape: z.object({ body: z.string() }),
    pauses: RECEIVER_PAUSES,
    // The first attempt was made before there was a job.
    run: ({ adoptionWebhook }, id, { body }, attempt) =>
      attemptAdoption(adoptionWebhook, id, body, attempt + 1),
    giveUp: loseAdoption,
  }),
  /** A mail to the owner of one of the accounts of an event. */
  mail: kind({
    shape: MailJob,
    pauses: MAIL_PAUSES,
    run: ({ mails }, id, job, attempt) => attemptMail(mails, id, job, attempt),
    giveUp: loseMail,
  }),
}

/** The name of a kind. */
export type JobName = keyof typeof JOB_KINDS

/** A kind, whatever its jobs hold. */
export const kindOf = (name: JobName): JobKind<unknown> => JOB_KINDS[name]

/** A job to be done. */
export interface Job {
  name: JobName
  /** Names it in every try. Without a colon, which separates the parts of a key. */
  id: string
  data: unknown
}

/** Makes what jobs work with from the settings. It opens no connection. */
export function createJobServices(settings: Config): JobServices {
  const { adoptionWebhook, eventsWebhook, redisUrl, flowSecret } = settings
  return {
    ...{ adoptionWebhook, eventsWebhook, redisUrl },
    sealer: createSealer(flowSecret),
    mails: createMailServices(settings),
  }
}
