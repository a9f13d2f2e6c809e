import type { ReactNode } from 'react'
import { LOOKS } from '@/components/ui/button-link'

/** A button as tall as a fingertip. It keeps the focus while it is disabled, so that keyboard users don't lose their place. */
export function PressButton({
  look,
  onPress,
  isOff = false,
  children,
}: {
  look: keyof typeof LOOKS
  onPress: () => void
  isOff?: boolean
  children: ReactNode
}) {
  return (
    <button
      type="button"
      aria-disabled={isOff}
      onClick={isOff ? undefined : onPress}
      className={`min-h-11 rounded-lg px-5 py-2 font-medium aria-disabled:cursor-default aria-disabled:bg-sunken aria-disabled:text-quiet aria-disabled:opacity-100 ${LOOKS[look]}`}
    >
      {children}
    </button>
  )
}
