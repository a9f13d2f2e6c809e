import { type ReactNode, useEffect, useRef } from 'react'

import { Actions } from '@/components/ui/actions'

interface StepPanelProps {
  /** Identifies the step. When it changes, the focus moves to the heading. */
  step: string
  title: string
  /** The result of the last click, if there is something to say about it. */
  news: ReactNode
  children?: ReactNode
  /** Buttons or links. */
  actions: ReactNode
}

/** Shows what to do now. The element for news is always in the page, because screen readers read out only later changes of it. */
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
