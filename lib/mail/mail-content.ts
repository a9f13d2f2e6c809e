/**
 * The subject and the body of a mail, as text and as HTML.
 * @module
 */
import 'server-only'
import { inText, type MailParts } from '../events/notice'
import type { Messages } from '../messages/en'
import { type MailLook, mailHtml } from './mail-html'

/** A mail as it is sent. */
export interface MailContent {
  subject: string
  text: string
  html: string
}

/** The URLs in a mail. */
export interface MailLinks {
  /** Reports "This wasn't me". `link` undoes the link, and both kinds end all sessions. Undefined if there is no button. */
  report: { kind: 'link' | 'change'; url: string } | undefined
  /** The page "Sign-in methods". */
  page: string
  support: string
}

/**
 * Makes a mail from the parts of a notice and the link with which the reader reports that it was someone else. The mail loads
 * nothing from a server.
 *
 * @param messages - The texts in the reader's language.
 */
export function mailContent(
  messages: Messages,
  parts: MailParts,
  links: MailLinks,
  look: MailLook,
): MailContent {
  const { mails } = messages
  const { subject, hello, what, facts, isYou, notYou, undo, help } = parts
  const { report, page, support } = links
  const act = report && {
    url: report.url,
    label: report.kind === 'link' ? mails.wasNotMe : mails.notYou,
    means: report.kind === 'link' ? mails.takesBack : mails.signsOut,
  }
  const text = inText([
    [hello],
    [what],
    facts.map(([name, value]) => `${name}: ${value}`),
    [isYou],
    [notYou],
    ...(act ? [[act.label, act.url], [act.means]] : []),
    [undo, page],
    [help, support],
  ])
  const html = mailHtml(messages, look, {
    ...{ subject, hello, what, facts, isYou, notYou, act },
    links: [
      { before: undo, url: page },
      { before: help, url: support },
    ],
  })
  return { subject, text, html }
}
