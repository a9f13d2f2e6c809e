import 'server-only'
import { type BullMQ, enableRedisJobs } from '@/lib/jobs/library'
import { sendMailsWith } from '@/lib/mail/library'

/** Imports BullMQ. It becomes part of every serverless function that imports this file, as nodemailer does, so `/link` must not. */
export const loadBullmq = (): Promise<BullMQ> => import('bullmq')

enableRedisJobs(loadBullmq)
sendMailsWith(() => import('nodemailer'))
