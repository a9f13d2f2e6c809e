import { type ReactNode, useEffect, useRef } from 'react'

import { Actions } from '@/components/ui/actions'

interface StepPanelProps {
  /** Which step it is; with the next one the focus moves to its heading. */
  step: string
  title: string
  /** What became of the last press, if there is something to say. */
  news: ReactNode
  children?: ReactNode
  /** Buttons or links. */
  actions: ReactNode
}

/** What is to be done now. The place for news is always there, so that screen readers read out what comes into it. */
export function StepPanel({ step, title, news, children, actions }: StepPanelProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(step)
  useEffect(() => {
    if (shown.current === step) return
    shown.current = step
    heading.current?.focus()
  }, [step])
  return (
    <section aria-labelledby="step" className="mt-6">
      <h2 id="step" ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <div role="status" className="mt-2">
        {news}
      </div>
      <div className="quiet">{children}</div>
      <Actions>{actions}</Actions>
    </section>
  )
}
