'use client'

import { useEffect, useRef } from 'react'

/** What became of the last step. */
export interface NoticeView {
  text: string
  /** Whether something was refused. */
  isRefusal: boolean
}

/**
 * Says what became of the last step. The region is there with or without words, and is read out when it gets some; it also
 * takes the focus then, so that screen reader users start at the news.
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
