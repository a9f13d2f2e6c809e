/** What a page says that the browser puts in the place of one that failed. */
interface Words {
  title: string
  what: string
  act: string
  codeLine: string
}

/** The words of both reasons: something failed, or a script of another build asked for something that this build does not have. */
export interface ErrorWords {
  internal: Words
  outdated: Words
}

const NONE: Words = { title: '', what: '', act: '', codeLine: '' }
const NAME = 'error-words'

/** Keeps the words in the page, because the browser shows the error page itself, and no sentence is in a script. */
export const KeptErrorWords = ({ words }: { words: ErrorWords }) => (
  <meta name={NAME} content={JSON.stringify(words)} />
)

/** Reads the words in the browser. */
export function readErrorWords(): ErrorWords {
  const kept = typeof document === 'undefined' ? undefined : document.querySelector(`meta[name=${NAME}]`)
  const content = kept?.getAttribute('content')
  return content ? JSON.parse(content) : { internal: NONE, outdated: NONE }
}
