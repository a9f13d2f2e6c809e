/**
 * The notice with which the page reports the result of the previous step. Its code is in the URL of the page.
 * @module
 */
import 'server-only'
import type { SettingsRefusal } from '@/core/errors'
import type { Messages } from '@/lib/messages/en'
import { SIGN_IN_METHODS_PATH } from './paths'

/** The code of something that was done. */
export type DoneCode = keyof Messages['settings']['done']

/** The code of a notice: something was done, or was refused. */
export type NoticeCode = { done: DoneCode } | { refused: SettingsRefusal }

/** Refusals without a text of their own on the page. They are listed here, so that a redirect need not load the texts. */
const WITHOUT_WORDS: Record<Exclude<SettingsRefusal, keyof Messages['settings']['refused']>, true> = {
  bad_request: true,
  bad_state: true,
  bad_token: true,
  clock: true,
  decision_changed: true,
  expired: true,
  internal: true,
  method_not_allowed: true,
  missing_state: true,
  missing_token: true,
}

/** The path of the page with a notice in its query. A refusal without its own text becomes `other`, a general text. */
export function pathWithNotice(notice: NoticeCode): `/${string}` {
  const hasWords = 'done' in notice || !Object.hasOwn(WITHOUT_WORDS, notice.refused)
  return `${SIGN_IN_METHODS_PATH}?${new URLSearchParams(hasWords ? notice : { refused: 'other' })}`
}

/** A notice as text. `code` is set if something was refused. */
export interface PageNotice {
  text: string
  code?: string
}

/**
 * Reads the notice from the URL of the page. Anyone can make a URL, so unknown codes are ignored.
 *
 * @param query - Query parameters of the page.
 */
export function pageNoticeOf(
  { settings }: Messages,
  query: Record<string, string | string[] | undefined>,
): PageNotice | undefined {
  const { done, refused } = query
  if (typeof done === 'string' && Object.hasOwn(settings.done, done))
    return { text: settings.done[done as DoneCode] }
  if (typeof refused !== 'string' || !Object.hasOwn(settings.refused, refused)) return undefined
  return { text: refusalText({ settings }, refused), code: refused }
}

/** The text for a refusal. */
export function refusalText({ settings }: Pick<Messages, 'settings'>, code: string): string {
  const { refused } = settings
  return Object.hasOwn(refused, code) ? refused[code as keyof typeof refused] : refused.other
}
