import 'server-only'
import { holdsLanguage, matchLanguage } from './match-language'

/** The sources from which we guess which language a person reads. None of these values can be trusted. */
export interface LanguageWishes {
  /** The tag that the person chose in the footer. */
  choice?: string | undefined
  /** `ui_locales` of the login: separated by spaces, best first. */
  uiLocales?: string | undefined
  /** The header `Accept-Language`, as received. */
  accepted?: string | undefined
  /** The tenant's languages, the default one first. */
  defaultLocales: readonly string[]
}

/** How much of a header or parameter is read, in characters. Browsers send less than 200. */
const MAX_LIST = 1_000
/** How many parts of it are read. Each is looked up in each of our languages. */
const MAX_PARTS = 30
/** A weight: {@link https://www.rfc-editor.org/rfc/rfc9110#section-12.4.2 RFC 9110, section 12.4.2} */
const WEIGHT = /^(?:0(?:\.\d*)?|1(?:\.0*)?)$/

/**
 * Chooses a language. It is the one that the person chose in the footer; otherwise the first that we have of `ui_locales`, then
 * of `Accept-Language` by weight, then of the tenant's languages; otherwise English. A language to which `Accept-Language` gives
 * weight 0 is used only if the person chose it or `ui_locales` names it.
 *
 * @param available - Tags of the languages that we have, English included.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core, 3.1.2.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110#section-12.5.4 RFC 9110, section 12.5.4}
 */
export function chooseLanguage<Tag extends string>(
  { choice, uiLocales, accepted, defaultLocales }: LanguageWishes,
  available: readonly Tag[],
): Tag | 'en' {
  const chosen = available.find((tag) => tag === choice)
  if (chosen) return chosen
  const ranges = parseAccepted(accepted ?? '')
  const refused = ranges.filter(({ weight }) => weight === 0)
  const open = available.filter((tag) => !refused.some(({ range }) => holdsLanguage(range, tag)))
  const wanted = ranges.filter(({ weight }) => weight > 0).map(({ range }) => range)
  // `*` means any other language. From there on the choice is ours, so ignore ranges with a lower weight.
  const named = wanted.includes('*') ? wanted.slice(0, wanted.indexOf('*')) : wanted
  return (
    firstOf(within(uiLocales ?? '', / +/), available) ??
    firstOf(named, open) ??
    firstOf(defaultLocales, open) ??
    'en'
  )
}

function firstOf<Tag extends string>(wanted: readonly string[], available: readonly Tag[]): Tag | undefined {
  for (const tag of wanted) {
    const found = matchLanguage(tag, available)
    if (found) return found
  }
  return undefined
}

/** The first {@link MAX_PARTS} parts of a list, up to {@link MAX_LIST} characters. A part that is cut off there is left out. */
function within(list: string, separator: RegExp): string[] {
  const parts = list.slice(0, MAX_LIST).split(separator)
  return (list.length > MAX_LIST ? parts.slice(0, -1) : parts).slice(0, MAX_PARTS)
}

/** The language ranges of `Accept-Language`, those with the highest weight first. A part that cannot be read is left out. */
function parseAccepted(header: string): { range: string; weight: number }[] {
  return within(header, /,/)
    .flatMap((part) => {
      const [range = '', parameter, ...others] = part.split(';').map((each) => each.trim())
      const weight = parameter === undefined ? '1' : parameter.replace(/^q\s*=\s*/i, '')
      return WEIGHT.test(weight) && others.length === 0 ? [{ range, weight: Number(weight) }] : []
    })
    .sort((a, b) => b.weight - a.weight)
}
