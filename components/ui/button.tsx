import type { ReactNode } from 'react'
import { LOOKS } from './button-link'

/** A form's button, tall enough for a thumb. */
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
    <button
      type="submit"
      className={`inline-flex min-h-11 cursor-pointer items-center rounded-lg px-5 py-2 text-left font-medium ${LOOKS[look]}`}
      {...rest}
    >
      {children}
    </button>
  )
}
