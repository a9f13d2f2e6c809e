/**
 * Addresses meant to lead to another site: schemes, separators, hosts and encodings in all combinations.
 * @module
 */

const SCHEMES = ['', 'http:', 'https:', 'HtTp:', 'javascript:', ' https:']
const SEPARATORS = ['//', '///', '/\\', '\\\\', '/\t/', '//\u0000', '\\/\\/', '//app@', '/.//']
const HOSTS = ['evil.example', 'evil.example%2f..%2f', 'evil\u3002example']
const ENCODINGS: ((text: string) => string)[] = [
  (text) => text,
  (text) => encodeURIComponent(text),
  (text) => encodeURIComponent(encodeURIComponent(text)),
]

/** About five hundred addresses. */
export const redirects = (): { payload: string }[] =>
  SCHEMES.flatMap((scheme) =>
    SEPARATORS.flatMap((separator) =>
      HOSTS.flatMap((host) =>
        ENCODINGS.map((encode) => ({ payload: encode(`${scheme}${separator}${host}`) })),
      ),
    ),
  )

/** Some of them, for slow pages. */
export const fewRedirects = () => redirects().filter((_, index) => index % 23 === 0)
