import 'server-only'
import type { BrandColors, Palette } from './colors'

/**
 * The brand's colors as the variables of the pages' style sheet, for light and dark.
 *
 * @param colors - Each `#rrggbb`, so the style needs no escaping.
 */
export function pageStyle({ light, dark }: BrandColors): string {
  return `:root{${variables(light)}}@media (prefers-color-scheme:dark){:root{${variables(dark)}}}`
}

function variables({ accent, onAccent, accentText, page }: Palette): string {
  const soft = 'color-mix(in srgb,var(--color-accent) 8%,var(--color-raised))'
  const ground = page ? `;--color-ground:${page}` : ''
  return `--color-accent:${accent};--color-on-accent:${onAccent};--color-accent-ink:${accentText};--color-accent-soft:${soft}${ground}`
}
