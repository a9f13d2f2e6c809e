import type { ReactNode } from 'react'

/** How buttons look: the one thing to do, and what else can be done. Both have the same size. */
export const LOOKS = { main: 'button main sm:w-auto', plain: 'button sm:w-auto' }

/**
 * A link that looks like a button. A plain anchor: what it leads to often leaves the application, and nothing is to
 * be fetched before it is pressed.
 */
export function ButtonLink({
  href,
  look,
  children,
  ...rest
}: {
  href: string
  look: keyof typeof LOOKS
  children: ReactNode
  'aria-label'?: string
}) {
  return (
    <a href={href} className={LOOKS[look]} {...rest}>
      {children}
    </a>
  )
}
