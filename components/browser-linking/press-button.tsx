import type { ReactNode } from 'react'
import { LOOKS } from '@/components/ui/button-link'

/** A button that keeps the focus while it is disabled, so that keyboard users don't lose their place. */
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
      className={`${LOOKS[look]} aria-disabled:cursor-default aria-disabled:opacity-60`}
    >
      {children}
    </button>
  )
}
