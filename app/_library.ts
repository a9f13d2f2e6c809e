import 'server-only'
import { keepJobsWith, type Library } from '@/lib/jobs/library'
import { sendMailsWith } from '@/lib/mail/library'

/** Imports BullMQ. Only functions that import this file carry it, and nodemailer, and `/link` does not. */
export const loadBullmq = (): Promise<Library> => import('bullmq')

keepJobsWith(loadBullmq)
sendMailsWith(() => import('nodemailer'))
