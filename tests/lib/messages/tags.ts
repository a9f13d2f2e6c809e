/** The languages that must exist, whichever files there are. */
export const TAGS = [
  ...(['en', 'es', 'fr', 'de', 'it', 'pt-BR', 'nl', 'sv', 'da', 'nb', 'fi'] as const),
  ...(['pl', 'cs', 'uk', 'tr', 'ja', 'ko', 'zh-CN', 'zh-TW', 'ar', 'he'] as const),
]
