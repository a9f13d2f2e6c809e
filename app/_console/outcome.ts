import 'server-only'
import { ACT_RESULTS } from '@/lib/console/acts/act'
import { refusalText } from '@/lib/console/views/refusals'

/** The outcome of the last act, from the page's URL. Anyone can write such a URL, so it only selects one of our own texts. */
export interface Outcome {
  text: string
  code: string | undefined
}

/** Reads the outcome from the query of a URL; undefined if the query has none. */
export function outcomeIn(query: URLSearchParams): Outcome | undefined {
  const done = query.get('done') ?? ''
  if (Object.hasOwn(ACT_RESULTS, done))
    return { text: ACT_RESULTS[done as keyof typeof ACT_RESULTS], code: undefined }
  const refused = query.get('refused') ?? ''
  return /^[a-z_]{1,40}$/.test(refused) ? { text: refusalText(refused), code: refused } : undefined
}
