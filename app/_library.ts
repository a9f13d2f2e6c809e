import 'server-only'
import { keepJobsWith, type Library } from '@/lib/jobs/library'
import { sendMailsWith } from '@/lib/mail/library'

/** Imports BullMQ. It becomes part of every serverless function that imports this file, as nodemailer does, so `/link` must not. */
export const loadBullmq = (): Promise<Library> => import('bullmq')

keepJobsWith(loadBullmq)
sendMailsWith(() => import('nodemailer'))
