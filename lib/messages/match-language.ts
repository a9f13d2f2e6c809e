import 'server-only'

/** Longest language tag that is read, in characters. RFC 5646, 4.4.1, requires at least 35. */
const MAX_TAG = 35
/** Languages that we serve in another language, which their readers understand: Norwegian and Nynorsk in Bokmål. */
const SERVED_IN: Record<string, string> = { no: 'nb', nn: 'nb' }

/** Our languages in that form, by tag. Working it out takes longer than everything else here. */
const ours = new Map<string, Likely>()

/** A language in the form in which we compare it: with the script and region that its tag may leave out. */
interface Likely {
  language: string
  script: string | undefined
  region: string | undefined
}

/**
 * Finds the available language for the readers of a language: the same language in the same script, and if possible of the same
 * region. `zh-HK` gets `zh-TW`, and `pt-PT` gets `pt-BR`.
 *
 * @param tag - A BCP 47 tag, which need not be valid. Underscores count as hyphens.
 * @param available - Tags of the languages that we have.
 * @returns One of `available`; undefined if none fits, or if the tag is not valid.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4647 RFC 4647, matching of language tags}
 * @see {@link https://www.unicode.org/reports/tr35/#Likely_Subtags UTS 35, likely subtags}
 */
export function matchLanguage<Tag extends string>(tag: string, available: readonly Tag[]): Tag | undefined {
  const wanted = parseTag(tag)
  if (!wanted) return undefined
  const { language, script, region } = likely(wanted)
  const serving = available.filter((each) => {
    const own = likelyOurs(each)
    return own.language === language && own.script === script
  })
  return serving.find((each) => likelyOurs(each).region === region) ?? serving[0]
}

/**
 * Whether a language range includes a language: `zh` includes `zh-CN` and `zh-TW`, and `zh-TW` includes only itself.
 *
 * @param range - A BCP 47 tag, which need not be valid.
 * @param tag - The tag of a language that we have.
 * @see {@link https://www.rfc-editor.org/rfc/rfc4647#section-3.3.2 RFC 4647, section 3.3.2}
 */
export function holdsLanguage(range: string, tag: string): boolean {
  const parsed = parseTag(range)
  if (!parsed) return false
  const own = likelyOurs(tag)
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

/** @param tag - The tag of a language that we have, of which there are few. */
function likelyOurs(tag: string): Likely {
  const known = ours.get(tag) ?? likely(new Intl.Locale(tag))
  ours.set(tag, known)
  return known
}

function likely(locale: Intl.Locale): Likely {
  const { language, script, region } = locale.maximize()
  return { language: SERVED_IN[language] ?? language, script, region }
}
