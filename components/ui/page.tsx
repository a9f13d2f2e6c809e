import type { ReactNode } from 'react'

/**
 * The body of a page.
 *
 * @param error - A stable error code, if something was refused. Tests and programs read it from `data-error`.
 */
export function Page({ error, children }: { error?: string | undefined; children: ReactNode }) {
  return <main data-error={error}>{children}</main>
}
