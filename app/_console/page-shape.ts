import type { ReactNode } from 'react'

/** A page of the console. */
export interface ConsolePage {
  /** Says nothing of accounts: titles stay in the history of a browser. */
  title: string
  /** A code, if something was refused. */
  errorCode?: string | undefined
  body: ReactNode
}
