import { textColorOn } from '../../lib/config/brand'

/**
 * Finds the shade nearest to a color on which white text is readable.
 *
 * @param color - `#rrggbb`.
 * @returns The color itself if white text on it has a contrast of at least 4.5; otherwise the first darker color on which it
 *   does.
 * @see {@link https://www.w3.org/TR/WCAG22/#contrast-minimum WCAG 2.2, 1.4.3}
 */
export function nearestUnderWhiteText(color: string): string {
  for (let light = 255; light > 0; light--) {
    const darker = light === 255 ? color : darken(color, light / 255)
    if (textColorOn(darker) === '#ffffff') return darker
  }
  return '#000000'
}

function darken(color: string, factor: number): string {
  const channels = [1, 3, 5].map((start) =>
    Math.round(Number.parseInt(color.slice(start, start + 2), 16) * factor),
  )
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}
