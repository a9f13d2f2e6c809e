/**
 * nodemailer, as far as this process has it. It is handed in: a function that answers a login must not carry it.
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

/** Imports nodemailer; undefined if this process does not have it. */
export const loadMailLibrary = (): Promise<MailLibrary> | undefined => shared().load?.()
