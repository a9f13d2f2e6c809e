/**
 * Chooses the language of our responses, and loads its sentences.
 * @module
 */
import 'server-only'
import type { Config } from '../config/config'
import { chosenLanguage, type MayChoose } from './choice'
import { chooseLanguage } from './choose-language'
import type { Messages } from './en'
import { LANGUAGES, loadMessages } from './load-messages'
import { matchLanguage } from './match-language'
import { type SignInMethod, signInMethodName } from './way-name'

/** The settings that choosing a language needs. */
export interface LanguageSettings extends Pick<Config, 'isSecure' | 'messageOverrides'> {
  /** The tenant's languages, the default one first; empty if they are not known yet. */
  defaultLocales?: () => readonly string[]
}

/**
 * Chooses the language for a request and loads its sentences.
 *
 * @param request - Holds the language that the person chose in the footer, which counts first, and `Accept-Language`, which
 *   counts after `uiLocales`.
 * @param uiLocales - `ui_locales` of the login, if there is one: separated by spaces, best first.
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
 * Loads the sentences for a person without a request, for example for an email.
 *
 * @param wanted - The person's languages, if they are known: separated by spaces, best first.
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

/** Whether we have sentences that the readers of a language, such as `fr` or `pt-PT`, understand. */
export const hasLanguage = (tag: string): boolean => matchLanguage(tag, LANGUAGES) !== undefined

/**
 * The name of a sign-in method, without knowledge of the tenant's connections.
 *
 * @param identity - The sign-in method. If we have no name for its provider, the result is the connection's name.
 */
export const providerName = (messages: Messages, identity: SignInMethod): string =>
  signInMethodName(messages, identity, [])
