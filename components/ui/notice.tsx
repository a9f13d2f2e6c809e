'use client'

import { useEffect, useRef } from 'react'

/** The result of the person's last step. */
export interface NoticeView {
  text: string
  /** Whether something was refused. */
  isRefusal: boolean
}

/**
 * Says the result of the person's last step. The element is always in the page, so that screen readers read its text out when it
 * appears. The element then also takes the focus, so that screen reader users start there.
 */
export function Notice({ notice }: { notice: NoticeView | undefined }) {
  const region = useRef<HTMLParagraphElement>(null)
  const text = notice?.text
  useEffect(() => {
    if (text) region.current?.focus()
  }, [text])
  const look = notice?.isRefusal ? 'note warn' : 'note'
  return (
    <p ref={region} role="status" tabIndex={-1} className={text ? look : 'sr-only'}>
      {text}
    </p>
  )
}
