/** The sentences of the error page that the browser renders itself if a page has failed. */
interface Words {
  title: string
  what: string
  act: string
  codeLine: string
}

/**
 * The sentences for both kinds of errors: something failed, or a script of another build called a server action that no longer
 * exists.
 */
export interface ErrorWords {
  internal: Words
  outdated: Words
}

const NONE: Words = { title: '', what: '', act: '', codeLine: '' }
const NAME = 'error-words'

/** Puts the sentences into the page. The browser renders the error page itself, and our scripts contain no sentences. */
export const KeptErrorWords = ({ words }: { words: ErrorWords }) => (
  <meta name={NAME} content={JSON.stringify(words)} />
)

/** Reads the sentences from the page, in the browser. */
export function readErrorWords(): ErrorWords {
  const kept = typeof document === 'undefined' ? undefined : document.querySelector(`meta[name=${NAME}]`)
  const content = kept?.getAttribute('content')
  return content ? JSON.parse(content) : { internal: NONE, outdated: NONE }
}
