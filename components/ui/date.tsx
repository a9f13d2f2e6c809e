'use client'

import { useEffect, useState } from 'react'

/** A point in time, for people and for programs. */
export interface DateView {
  /** ISO 8601. */
  iso: string
  text: string
  /** Whether the text holds the time of day. */
  hasTime?: boolean
  /** How long ago it was, such as "2 hours ago". */
  ago?: string | undefined
}

/** Shows a point in time. If scripts run and it has a time of day, it is in the reader's time zone. */
export function DateText({ date: { iso, text, hasTime, ago } }: { date: DateView }) {
  const [local, setLocal] = useState(text)
  useEffect(() => {
    const format = new Intl.DateTimeFormat(document.documentElement.lang, {
      dateStyle: 'medium',
      timeStyle: 'short',
    })
    setLocal(hasTime ? format.format(new Date(iso)) : text)
  }, [iso, text, hasTime])
  return (
    <>
      {ago && `${ago} · `}
      <time dateTime={iso}>{local}</time>
    </>
  )
}
