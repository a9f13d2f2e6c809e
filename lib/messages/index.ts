/**
 * Which language a document speaks. Another language is one file in `messages/` and one line here.
 * @module
 */
import 'server-only'
import { en, type Messages } from './en'
import { type Way, wayName } from './way-name'

/** What people's languages are read from: a request, or the headers that a page is rendered for. */
interface HasHeaders {
  headers: Pick<Headers, 'get'>
}

const LANGUAGES: Record<string, Messages> = { en }

/**
 * Chooses the sentences: the first language of the token's `ui_locales` that we have, then of `Accept-Language`.
 *
 * @param request - Its `Accept-Language` counts, by weight.
 * @param uiLocales - Of the token, if there is one: space separated, best first.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OpenID Connect Core, 3.1.2.1}
 */
export function chooseMessages(request: HasHeaders, uiLocales?: string): Messages {
  const wanted = [...(uiLocales ?? '').split(' '), ...acceptedLanguages(request)]
  for (const tag of wanted) {
    const messages = hasLanguage(tag) && LANGUAGES[primaryLanguage(tag)]
    if (messages) return messages
  }
  return en
}

/** Whether there are sentences in the language that a tag names, such as `fr` or `pt-BR`. */
export const hasLanguage = (tag: string): boolean => Object.hasOwn(LANGUAGES, primaryLanguage(tag))

const primaryLanguage = (tag: string) => tag.trim().split('-')[0]?.toLowerCase() ?? ''

function acceptedLanguages(request: HasHeaders): string[] {
  const entries = (request.headers.get('accept-language') ?? '').slice(0, 500).split(',')
  return entries
    .map((entry) => {
      const [tag = '', weight] = entry.split(';q=')
      return { tag, weight: weight === undefined ? 1 : Number(weight) || 0 }
    })
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}

/**
 * The name of a way in, if nothing is known about the tenant's connections.
 *
 * @param identity - If the provider has no name of its own, the connection's name is shown.
 */
export const providerName = (messages: Messages, identity: Way): string => wayName(messages, identity, [])
