/**
 * The language that a person chose here: the form in the footer sends it, as `lang`, and a cookie keeps it for a year.
 * @module
 */
import 'server-only'
import {
  type CookieSettings,
  cookieName,
  requestCookies,
  setCookie,
  type WithHeaders,
} from '../session/cookies'
import { LANGUAGES, type LanguageTag } from './load-messages'

/** The parameter of an address that chooses a language. */
const LANGUAGE_PARAMETER = 'lang'
/** How long a choice is kept, in seconds. */
const YEAR = 365 * 86_400

/** What a choice is read from: a request, or the headers that a page is rendered for. */
export interface MayChoose extends WithHeaders {
  /** Whole address, if it is known. */
  url?: string
}

/** The language that a person chose, with this request or an earlier one; undefined if there is none, or we do not have it. */
export function chosenLanguage(settings: CookieSettings, request: MayChoose): LanguageTag | undefined {
  return languageOfAddress(request) ?? languageOfCookie(settings, request)
}

/**
 * The `Set-Cookie` line that keeps the choice that a request makes. A request from another site chooses for its answer only.
 *
 * @returns Undefined if it makes none, or the cookie says so already.
 */
export function choiceCookie(settings: CookieSettings, request: MayChoose): string | undefined {
  const chosen = languageOfAddress(request)
  if (!chosen || chosen === languageOfCookie(settings, request)) return undefined
  const site = request.headers.get('sec-fetch-site') ?? 'same-origin'
  if (!['same-origin', 'none'].includes(site)) return undefined
  return setCookie(settings, choiceCookieName(settings), chosen, YEAR)
}

/** The name of the cookie that keeps the choice. */
const choiceCookieName = (settings: CookieSettings): string => cookieName(settings, 'lang')

function languageOfAddress({ url }: MayChoose): LanguageTag | undefined {
  const [value, ...others] = url ? new URL(url).searchParams.getAll(LANGUAGE_PARAMETER) : []
  return others.length === 0 ? known(value) : undefined
}

/** If the cookie comes twice, another host set one of them: neither counts. */
function languageOfCookie(settings: CookieSettings, request: MayChoose): LanguageTag | undefined {
  const [cookie, ...others] = requestCookies(request).filter(
    ({ name }) => name === choiceCookieName(settings),
  )
  return others.length === 0 ? known(cookie?.value) : undefined
}

const known = (tag: string | undefined) => LANGUAGES.find((each) => each === tag)
