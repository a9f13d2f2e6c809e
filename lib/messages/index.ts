/**
 * Which language a person is answered in.
 * @module
 */
import 'server-only'
import type { Config } from '../config/config'
import { chosenLanguage, type MayChoose } from './choice'
import { chooseLanguage } from './choose-language'
import type { Messages } from './en'
import { LANGUAGES, loadMessages } from './load-messages'
import { matchLanguage } from './match-language'
import { type Way, wayName } from './way-name'

/** What choosing a language needs to know of this installation. */
export interface LanguageSettings extends Pick<Config, 'isSecure' | 'messageOverrides'> {
  /** The tenant's languages, its default first, as far as they are known. */
  defaultLocales?: () => readonly string[]
}

/**
 * Chooses the sentences, and loads them: one file a request.
 *
 * @param request - What the person chose here counts first; `Accept-Language` after the login's languages.
 * @param uiLocales - Of the login, if there is one: space separated, best first.
 */
export async function chooseMessages(
  settings: LanguageSettings,
  request: MayChoose,
  uiLocales?: string,
): Promise<Messages> {
  const defaultLocales = settings.defaultLocales?.() ?? []
  const choice = chosenLanguage(settings, request)
  const accepted = request.headers.get('accept-language') ?? undefined
  return loadMessages(
    chooseLanguage({ choice, uiLocales, accepted, defaultLocales }, LANGUAGES),
    settings.messageOverrides,
  )
}

/**
 * The sentences for a person of whom no request is at hand, as for a mail.
 *
 * @param wanted - Languages of the person, as far as they are known: space separated, best first.
 */
export async function messagesIn(
  settings: Pick<LanguageSettings, 'defaultLocales' | 'messageOverrides'>,
  wanted: string | undefined,
): Promise<Messages> {
  const defaultLocales = settings.defaultLocales?.() ?? []
  return loadMessages(
    chooseLanguage({ uiLocales: wanted, defaultLocales }, LANGUAGES),
    settings.messageOverrides,
  )
}

/** Whether there are sentences for the readers of a language, such as `fr` or `pt-PT`. */
export const hasLanguage = (tag: string): boolean => matchLanguage(tag, LANGUAGES) !== undefined

/**
 * The name of a way in, if nothing is known about the tenant's connections.
 *
 * @param identity - If the provider has no name of its own, the connection's name is shown.
 */
export const providerName = (messages: Messages, identity: Way): string => wayName(messages, identity, [])
