import 'server-only'
import { readFileSync } from 'node:fs'
import { join, normalize } from 'node:path'

/** Longest data URI of a logo, in bytes. It keeps the whole document under 14 kB. */
const MAX_LOGO = 4096
/** The brand color if neither the operator nor the tenant sets one. */
export const DEFAULT_BRAND_COLOR = '#1f4e79'
const TYPES: Record<string, string> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  webp: 'image/webp',
  jpg: 'image/jpeg',
}

/**
 * Reads the logo. The operator names a data URI, or a file below `public/`, which is turned into a data URI.
 *
 * @param value - `data:image/…`, or a path below `public/` such as `logo.svg`.
 * @returns The data URI, or what is wrong with the value.
 */
export function readLogo(value: string): { dataUri: string } | { problem: string } {
  const dataUri = value.startsWith('data:') ? value : inlineFile(value)
  if (!dataUri) return { problem: 'must be a data URI or an svg, png, webp or jpg file below public/' }
  if (!/^data:image\/(svg\+xml|png|webp|jpeg|gif)[;,]/.test(dataUri)) return { problem: 'must be an image' }
  if (dataUri.length > MAX_LOGO) return { problem: `must be at most ${MAX_LOGO} bytes as a data URI` }
  return { dataUri }
}

function inlineFile(path: string): string | undefined {
  const relative = normalize(path).replace(/^\/+/, '')
  const type = TYPES[relative.split('.').at(-1) ?? '']
  if (!type || relative.startsWith('..')) return undefined
  try {
    const bytes = readFileSync(join(/*turbopackIgnore: true*/ process.cwd(), 'public', relative))
    return `data:${type};base64,${bytes.toString('base64')}`
  } catch {
    return undefined
  }
}

/**
 * Chooses the text color for a brand color.
 *
 * @param color - `#rrggbb`.
 * @returns Black or white, or undefined if neither reaches a contrast of 4.5.
 * @see {@link https://www.w3.org/TR/WCAG22/#contrast-minimum WCAG 2.2, 1.4.3}
 */
export function textColorOn(color: string): '#000000' | '#ffffff' | undefined {
  const onWhite = contrast('#ffffff', color)
  if (Math.max(onWhite, contrast('#000000', color)) < 4.5) return undefined
  return onWhite >= 4.5 ? '#ffffff' : '#000000'
}

/**
 * The contrast of two colors, from 1 to 21.
 *
 * @param one - `#rrggbb`.
 * @param other - `#rrggbb`.
 * @see {@link https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio WCAG 2.2, contrast ratio}
 */
export function contrast(one: string, other: string): number {
  const [light, dark] = [relativeLuminance(one), relativeLuminance(other)].sort((a, b) => b - a) as [
    number,
    number,
  ]
  return (light + 0.05) / (dark + 0.05)
}

/**
 * The relative luminance of a color, from 0 to 1.
 *
 * @param color - `#rrggbb`.
 * @see {@link https://www.w3.org/TR/WCAG22/#dfn-relative-luminance WCAG 2.2, relative luminance}
 */
export function relativeLuminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(color.slice(start, start + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
