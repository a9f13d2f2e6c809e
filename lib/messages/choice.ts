/**
 * The language that a person chose in the form in the footer. The form sends it as `lang`, and a cookie keeps it for a year.
 * @module
 */
import 'server-only'
import { type CookieSettings, cookieName, setCookie, soleCookie, type WithHeaders } from '../session/cookies'
import { LANGUAGES, type LanguageTag } from './load-messages'

/** The query parameter that chooses a language. */
const LANGUAGE_PARAMETER = 'lang'
/** How long a choice is kept, in seconds. */
const YEAR = 365 * 86_400

/** What a choice is read from: a request, or the headers that a page is rendered for. */
export interface MayChoose extends WithHeaders {
  /** The whole URL, if it is known. */
  url?: string
}

/** The language that a person chose with this or an earlier request; undefined if they chose none, or one that we do not have. */
export function chosenLanguage(settings: CookieSettings, request: MayChoose): LanguageTag | undefined {
  return languageOfAddress(request) ?? languageOfCookie(settings, request)
}

/**
 * The `Set-Cookie` line that remembers the language that a request chooses. If the request comes from another site, the language
 * applies only to this response and is not remembered.
 *
 * @returns Undefined if there is nothing to remember: the request chooses no language, or the cookie already holds it.
 */
export function choiceCookie(settings: CookieSettings, request: MayChoose): string | undefined {
  const chosen = languageOfAddress(request)
  if (!chosen || chosen === languageOfCookie(settings, request)) return undefined
  const site = request.headers.get('sec-fetch-site') ?? 'same-origin'
  if (!['same-origin', 'none'].includes(site)) return undefined
  return setCookie(settings, choiceCookieName(settings), chosen, YEAR)
}

/** The name of the cookie that holds the chosen language. */
const choiceCookieName = (settings: CookieSettings): string => cookieName(settings, 'lang')

function languageOfAddress({ url }: MayChoose): LanguageTag | undefined {
  const [value, ...others] = url ? new URL(url).searchParams.getAll(LANGUAGE_PARAMETER) : []
  return others.length === 0 ? known(value) : undefined
}

/** The language in the cookie. */
const languageOfCookie = (settings: CookieSettings, request: MayChoose): LanguageTag | undefined =>
  known(soleCookie(request, choiceCookieName(settings)))

const known = (tag: string | undefined) => LANGUAGES.find((each) => each === tag)
