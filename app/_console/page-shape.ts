import type { ReactNode } from 'react'

/** A page of the console. */
export interface ConsolePage {
  /** The title must not name an account, because titles stay in the browser's history. */
  title: string
  /** The refusal code, if something was refused. */
  errorCode?: string | undefined
  body: ReactNode
}
