import type { ReactNode } from 'react'

/** The classes of buttons: `main` for the page's main action, `plain` for all others. Both have the same size. */
export const LOOKS = { main: 'button main sm:w-auto', plain: 'button sm:w-auto' }

/**
 * A link that looks like a button. It is a plain anchor and not a Next.js `Link`, because it often leads out of the application,
 * and because nothing may be prefetched.
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
