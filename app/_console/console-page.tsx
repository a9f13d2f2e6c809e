import type { ReactNode } from 'react'
import { homePage } from './home-page'
import { personPage } from './person-page'
import type { Operator } from './services'

/** A page of the console. */
export interface ConsolePage {
  /** Says nothing of accounts: titles stay in the history of a browser. */
  title: string
  /** A code, if something was refused. */
  errorCode?: string | undefined
  body: ReactNode
}

/** The page at a URL of the console; undefined if there is none. */
export async function consolePage(operator: Operator, url: URL): Promise<ConsolePage | undefined> {
  const [first, second, ...others] = url.pathname.split('/').slice(2)
  if (first === undefined) return homePage(operator, url.searchParams.get('search') ?? undefined)
  if (first === 'person' && others.length === 0) return personPage(operator, second)
  return undefined
}
