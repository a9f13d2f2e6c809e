import type { ReactNode } from 'react'

/**
 * The body of a page.
 *
 * @param error - Stable code if something was refused: tests and programs read it from `data-error`.
 */
export function Page({ error, children }: { error?: string | undefined; children: ReactNode }) {
  return <main data-error={error}>{children}</main>
}
