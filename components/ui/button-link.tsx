import type { ReactNode } from 'react'

/** How buttons look: the one thing to do, and whatever else can be done. */
export const LOOKS = {
  strong: 'bg-accent text-on-accent hover:opacity-90',
  plain: 'border border-edge bg-raised text-ink hover:bg-sunken',
}

/**
 * A link that looks like a button. A plain anchor: what it leads to often leaves the application, and nothing is to
 * be fetched before it is pressed.
 */
export function ButtonLink({
  href,
  look,
  children,
}: {
  href: string
  look: keyof typeof LOOKS
  children: ReactNode
}) {
  return (
    <a
      href={href}
      className={`inline-flex min-h-11 items-center rounded-lg px-5 py-2 font-medium no-underline ${LOOKS[look]}`}
    >
      {children}
    </a>
  )
}
