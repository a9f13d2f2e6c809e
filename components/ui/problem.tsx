import type { ReactNode } from 'react'

/** What a {@link Problem} says. */
export interface ProblemProps {
  /** Stable code: tests and programs read it from `data-error`. */
  code: string
  title: string
  /** What happened, in a sentence or two. */
  children: ReactNode
  /** Links or buttons: what to do next. */
  actions: ReactNode
}

/** A page that says no: a code for programs, a sentence for people, and what to do next. */
export function Problem({ code, title, children, actions }: ProblemProps) {
  return (
    <main data-error={code} className="mx-auto w-full max-w-4xl flex-1 px-5 py-12 sm:py-20">
      <h1 className="text-2xl font-semibold sm:text-3xl">{title}</h1>
      <div className="mt-4 max-w-2xl space-y-3 text-quiet">{children}</div>
      <div className="mt-8 flex flex-wrap gap-3">{actions}</div>
      <p className="mt-10 text-sm text-quiet">
        Code: <code className="font-mono">{code}</code>
      </p>
    </main>
  )
}
