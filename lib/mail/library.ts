/**
 * Access to nodemailer. The routes and programs that send mails pass in the import of it, so that the serverless function of
 * `/link`, which runs during logins, does not contain nodemailer.
 * @module
 */
import 'server-only'
import { processMemory } from '../process/process-memory'

/** nodemailer's module. */
export type MailLibrary = typeof import('nodemailer')

const shared = () => processMemory<{ load?: () => Promise<MailLibrary> }>('mail-library', () => ({}))

/**
 * Lets this process send mails.
 *
 * @param load - Imports nodemailer. Called for each mail.
 */
export function sendMailsWith(load: () => Promise<MailLibrary>): void {
  shared().load ??= load
}

/** Imports nodemailer. Undefined if {@link sendMailsWith} was not called in this process. */
export const loadMailLibrary = (): Promise<MailLibrary> | undefined => shared().load?.()
