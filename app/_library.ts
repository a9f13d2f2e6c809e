import 'server-only'
import { type BullMQ, enableRedisJobs } from '@/lib/jobs/library'
import { sendMailsWith } from '@/lib/mail/library'

/**
 * Imports BullMQ. Every serverless function that imports this file contains BullMQ and nodemailer, so no route under
 * `/link` may import it.
 */
export const loadBullmq = (): Promise<BullMQ> => import('bullmq')

enableRedisJobs(loadBullmq)
sendMailsWith(() => import('nodemailer'))
