/**
 * The texts of the page `/not-me`, on which the reader of a mail reports "This wasn't me".
 * @module
 */
import 'server-only'
import type { FrameView } from '@/components/linking/document'
import type { NotMeView } from '@/components/linking/not-me'
import { dateView } from '@/components/ui/date-view'
import { providerOf } from '../../../core/identity'
import type { Report } from '../../mail/report-token'
import { providerName } from '../../messages'
import type { Messages } from '../../messages/en'
import { SIGN_IN_METHODS_PATH } from '../paths'
import type { ReportOutcome } from '../report'
import type { HeldReport } from './held-report'

/** The content of the page, without the frame that all pages share. */
export type NotMeWords = Omit<NotMeView, keyof FrameView>

const NOTHING = { effects: [], act: undefined, note: undefined, link: undefined }

/** Asks the reader to confirm the report. */
export function askView(messages: Messages, { report, csrf }: HeldReport): NotMeWords {
  const { notMe, mails } = messages
  const date = dateView(messages, report.at / 1000, 'day').text
  const fields = { csrf }
  return report.kind === 'link'
    ? {
        title: notMe.linkTitle,
        what: notMe.linked({ way: wayOf(messages, report), date }),
        effects: [notMe.separates, notMe.signsOut, notMe.neverAgain],
        act: { label: mails.wasNotMe, action: '/not-me', fields },
        note: notMe.ifYou,
        link: undefined,
      }
    : {
        title: notMe.changeTitle,
        what: notMe.changed({ date }),
        effects: [notMe.signsOut],
        act: { label: notMe.signOut, action: '/not-me', fields },
        note: notMe.ifYou,
        link: undefined,
      }
}

/** Says what was done after the report. */
export function doneView(messages: Messages, { link, isEnding }: ReportOutcome): NotMeWords {
  const { notMe } = messages
  const toPage = { label: notMe.check, href: SIGN_IN_METHODS_PATH }
  if (link === 'void') return { ...NOTHING, title: notMe.voidTitle, what: notMe.void, link: toPage }
  const ended = isEnding ? notMe.out : notMe.notOut
  if (link === 'refused')
    return { ...NOTHING, title: notMe.refusedTitle, what: notMe.refused, effects: [ended] }
  const rest = { ...NOTHING, note: notMe.next, link: toPage }
  return link === 'taken'
    ? { ...rest, title: notMe.takenTitle, what: notMe.taken, effects: [ended, notMe.neverAgain] }
    : { ...rest, title: notMe.outTitle, what: ended }
}

/** Says that the reader has to open the link in the mail again. */
export const staleView = ({ notMe }: Messages): NotMeWords => ({
  ...NOTHING,
  errorCode: 'expired',
  title: notMe.staleTitle,
  what: notMe.stale,
})

const wayOf = (messages: Messages, { otherId = '', connection }: Report) =>
  providerName(messages, { provider: providerOf(otherId), connection })
