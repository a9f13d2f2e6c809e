/**
 * Access to nodemailer. Only processes that send mails hand it in, so that it is not bundled with functions that respond to a login.
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
 * @param load - Imports nodemailer; called when the first mail is sent.
 */
export function sendMailsWith(load: () => Promise<MailLibrary>): void {
  shared().load ??= load
}

/** Imports nodemailer. Undefined if {@link sendMailsWith} was not called in this process. */
export const loadMailLibrary = (): Promise<MailLibrary> | undefined => shared().load?.()
