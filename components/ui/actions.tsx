import type { ReactNode } from 'react'

/** The buttons of a page: one below the other on a phone, side by side if there is room. */
export function Actions({ children }: { children: ReactNode }) {
  return <div className="mt-6 flex flex-col gap-2 sm:flex-row sm:flex-wrap">{children}</div>
}
