import type { ReactNode } from 'react'
import { Actions } from './actions'
import { Page } from './page'

/** The content of a {@link Problem}. */
export interface ProblemProps {
  /** A stable error code. Tests and programs read it from `data-error`. */
  code: string
  /** The line that shows the error code, so that people can tell it to support. */
  codeLine: string
  step?: string
  title: string
  /** Says what happened, in a sentence or two. */
  children: ReactNode
  /** Links or buttons for the next step, the main one first. */
  actions: ReactNode
}

/** An error page: a code for programs, a sentence for people, and what to do next. */
export function Problem({ code, codeLine, step, title, children, actions }: ProblemProps) {
  return (
    <Page error={code}>
      {step && <p className="quiet small">{step}</p>}
      <h1>{title}</h1>
      {children}
      <Actions>{actions}</Actions>
      <p className="quiet small mt-6">{codeLine}</p>
    </Page>
  )
}
