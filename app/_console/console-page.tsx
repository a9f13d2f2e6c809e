import { actPage } from './act-page'
import { homePage } from './home-page'
import type { ConsolePage } from './page-shape'
import { personPage } from './person-page'
import type { Operator } from './services'

/** The page at a URL of the console; undefined if there is none. */
export async function consolePage(
  operator: Operator,
  { pathname, searchParams }: URL,
): Promise<ConsolePage | Response | undefined> {
  const [first, second, ...others] = pathname.split('/').slice(2)
  if (first === undefined) return homePage(operator, searchParams)
  if (first === 'person' && others.length === 0) return personPage(operator, second, searchParams)
  if (first === 'act' && second === undefined) return actPage(operator, searchParams.get('what') ?? undefined)
  return undefined
}
