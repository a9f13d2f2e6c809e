import type { ReactNode } from 'react'
import { Actions } from './actions'
import { Page } from './page'

/** What a {@link Problem} says. */
export interface ProblemProps {
  /** Stable code: tests and programs read it from `data-error`. */
  code: string
  /** The line that tells the code to people, who tell it to support. */
  codeLine: string
  step?: string
  title: string
  /** What happened, in a sentence or two. */
  children: ReactNode
  /** Links or buttons: what to do next, the main one first. */
  actions: ReactNode
}

/** A page that says no: a code for programs, a sentence for people, and what to do next. */
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
