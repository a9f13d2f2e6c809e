import type { ReactNode } from 'react'

/** What can be done on a page: below each other on a phone, side by side if there is room. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="mt-6 flex flex-col gap-2 sm:flex-row sm:flex-wrap">{children}</div>
}
