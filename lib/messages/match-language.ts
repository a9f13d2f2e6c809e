import 'server-only'

/** Longest tag that is looked at, in characters: RFC 5646, 4.4.1, asks for at least 35. */
const MAX_TAG = 35
/** Languages that we serve in another one, which their readers understand. */
const SERVED_IN: Record<string, string> = { no: 'nb', nn: 'nb' }

/** A language as it is compared: what its tag leaves out is filled in. */
interface Likely {
  language: string
  script: string | undefined
  region: string | undefined
}

/**
 * The language that serves the readers of another one: the same language in the same script, in their region if there is a choice.
 * `zh-HK` is served in `zh-TW`, `pt-PT` in `pt-BR`.
 *
 * @param tag - BCP 47, from anywhere; underscores count as hyphens.
 * @param available - Tags of the languages that there are.
 * @returns One of `available`; undefined if none serves, or the tag is none.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4647 RFC 4647, matching of language tags}
 * @see {@link https://www.unicode.org/reports/tr35/#Likely_Subtags UTS 35, likely subtags}
 */
export function matchLanguage<Tag extends string>(tag: string, available: readonly Tag[]): Tag | undefined {
  const wanted = parseTag(tag)
  if (!wanted) return undefined
  const { language, script, region } = likely(wanted)
  const serving = available.filter((each) => {
    const own = likely(new Intl.Locale(each))
    return own.language === language && own.script === script
  })
  return serving.find((each) => likely(new Intl.Locale(each)).region === region) ?? serving[0]
}

/**
 * Whether a range holds a language: `zh` holds `zh-CN` and `zh-TW`, `zh-TW` only itself.
 *
 * @param range - BCP 47, from anywhere.
 * @param tag - Of a language that there is.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4647#section-3.3.2 RFC 4647, section 3.3.2}
 */
export function holdsLanguage(range: string, tag: string): boolean {
  const parsed = parseTag(range)
  if (!parsed) return false
  const own = likely(new Intl.Locale(tag))
  return (
    likely(parsed).language === own.language &&
    [undefined, own.script].includes(parsed.script) &&
    [undefined, own.region].includes(parsed.region)
  )
}

function parseTag(tag: string): Intl.Locale | undefined {
  const text = tag.trim().replaceAll('_', '-')
  if (text.length > MAX_TAG) return undefined
  try {
    return new Intl.Locale(text)
  } catch {
    return undefined
  }
}

function likely(locale: Intl.Locale): Likely {
  const { language, script, region } = locale.maximize()
  return { language: SERVED_IN[language] ?? language, script, region }
}
