import 'server-only'
import { ACT_RESULTS } from '@/lib/console/acts/act'
import { refusalText } from '@/lib/console/views/refusals'

/** What became of the last act, as the URL of a page says. Anyone can write a URL, so only texts of our own are shown. */
export interface Outcome {
  text: string
  code: string | undefined
}

/** Reads it; undefined if the URL says nothing. */
export function outcomeIn(query: URLSearchParams): Outcome | undefined {
  const done = query.get('done') ?? ''
  if (Object.hasOwn(ACT_RESULTS, done))
    return { text: ACT_RESULTS[done as keyof typeof ACT_RESULTS], code: undefined }
  const refused = query.get('refused') ?? ''
  return /^[a-z_]{1,40}$/.test(refused) ? { text: refusalText(refused), code: refused } : undefined
}
