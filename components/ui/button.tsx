import type { ReactNode } from 'react'
import { LOOKS } from './button-link'

/** The submit button of a form. */
export function Button({
  look,
  children,
  ...rest
}: {
  look: keyof typeof LOOKS
  children: ReactNode
  'aria-label'?: string
}) {
  return (
    <button type="submit" className={LOOKS[look]} {...rest}>
      {children}
    </button>
  )
}
