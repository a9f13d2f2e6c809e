import 'server-only'
import { holdsLanguage, matchLanguage } from './match-language'

/** What says which language a person reads. Each may come from anyone. */
export interface LanguageWishes {
  /** The tag that the person chose here. */
  choice?: string | undefined
  /** Of the login: space separated, best first. */
  uiLocales?: string | undefined
  /** `Accept-Language`, as it came. */
  accepted?: string | undefined
  /** The tenant's languages, its default first. */
  defaultLocales: readonly string[]
}

/** How much of a header or parameter is read, in characters. Browsers send less than 200. */
const MAX_LIST = 1_000
/** {@link https://www.rfc-editor.org/rfc/rfc9110#section-12.4.2 RFC 9110, section 12.4.2} */
const WEIGHT = /^(?:0(?:\.\d*)?|1(?:\.0*)?)$/

/**
 * Chooses a language: what the person chose here, else the first that serves of `ui_locales`, of `Accept-Language` by weight, of the
 * tenant's languages; else English. A language with weight 0 is not chosen unless it was asked for in one of the first two ways.
 *
 * @param available - Tags of the languages that there are; English is among them.
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
  // "Any other" leaves the choice to us: what comes after it is wanted less.
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

/** The parts of a list, without one that is cut off. */
function within(list: string, separator: RegExp): string[] {
  const parts = list.slice(0, MAX_LIST).split(separator)
  return list.length > MAX_LIST ? parts.slice(0, -1) : parts
}

/** The ranges of the header, the most wanted first; a part that cannot be read counts as absent. */
function parseAccepted(header: string): { range: string; weight: number }[] {
  return within(header, /,/)
    .flatMap((part) => {
      const [range = '', parameter, ...others] = part.split(';').map((each) => each.trim())
      const weight = parameter === undefined ? '1' : parameter.replace(/^q\s*=\s*/i, '')
      return WEIGHT.test(weight) && others.length === 0 ? [{ range, weight: Number(weight) }] : []
    })
    .sort((a, b) => b.weight - a.weight)
}
