/**
 * What the page says about the previous step, named by a fixed code in its address.
 * @module
 */
import 'server-only'
import type { SettingsRefusal } from '@/core/errors'
import type { Messages } from '@/lib/messages/en'
import { PAGE } from './paths'

/** What was done. */
export type DoneCode = keyof Messages['settings']['done']

/** What the page says: something was done, or was refused. */
export type NoticeCode = { done: DoneCode } | { refused: SettingsRefusal }

/** Refusals that have no words of their own on the page. A list of codes, so that no file of sentences is loaded for a redirect. */
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

/** The address of the page with a notice; a refusal without words of its own gets general ones. */
export function pageWith(notice: NoticeCode): `/${string}` {
  const hasWords = 'done' in notice || !Object.hasOwn(WITHOUT_WORDS, notice.refused)
  return `${PAGE}?${new URLSearchParams(hasWords ? notice : { refused: 'other' })}`
}

/** A notice in words. `code` is set if something was refused. */
export interface Notice {
  text: string
  code?: string
}

/**
 * Reads the notice from an address. Anyone can write an address, so only known codes count.
 *
 * @param query - Of the page.
 */
export function noticeOf(
  { settings }: Messages,
  query: Record<string, string | string[] | undefined>,
): Notice | undefined {
  const { done, refused } = query
  if (typeof done === 'string' && Object.hasOwn(settings.done, done))
    return { text: settings.done[done as DoneCode] }
  if (typeof refused !== 'string' || !Object.hasOwn(settings.refused, refused)) return undefined
  return { text: refusalText({ settings }, refused), code: refused }
}

/** The words for a refusal. */
export function refusalText({ settings }: Pick<Messages, 'settings'>, code: string): string {
  const { refused } = settings
  return Object.hasOwn(refused, code) ? refused[code as keyof typeof refused] : refused.other
}
