/**
 * Sentences that are the same in a language as in English, by tag; those of `all` are the same everywhere. Whatever else is the same
 * counts as not translated.
 */
export const SAME_AS_ENGLISH: { all: readonly string[]; [tag: string]: readonly string[] } = {
  all: [
    ...['amazon', 'apple', 'facebook', 'github', 'google-oauth2', 'linkedin', 'twitter', 'windowslive'].map(
      (provider) => `providers.${provider}`,
    ),
  ],
  da: ['notices.application'],
  de: ['browserLinking.code', 'code', 'notices.application'],
  fr: ['browserLinking.code'],
  it: ['mails.invitation.account', 'notices.application'],
  nb: ['notices.application'],
  nl: ['browserLinking.code', 'code', 'mails.invitation.account', 'notices.application'],
  'pt-BR': ['notices.application'],
  sv: ['notices.application'],
}
