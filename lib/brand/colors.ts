/**
 * Adjusts a brand's colors until text and buttons have enough contrast.
 * @module
 */
import 'server-only'
import { contrast, relativeLuminance, textColorOn } from '../config/brand'

/** Least contrast of text with its background. WCAG 2.2, 1.4.3. */
const TEXT_CONTRAST = 4.5
/** Least contrast of a button's shape with its background. WCAG 2.2, 1.4.11. */
const SHAPE_CONTRAST = 3
/**
 * A page background with a lower luminance counts as dark. At this luminance, black and white text are about equally readable.
 */
const DARK_PAGE = 0.18

/** Our design's page background, card background and faintest text color. Colors are corrected to contrast with these. */
const DESIGN = {
  light: { page: '#f3f4f6', card: '#ffffff', quietText: '#404040' },
  dark: { page: '#1d1d1e', card: '#121212', quietText: '#c4c4c4' },
} as const

/** The colors of one color scheme, each `#rrggbb`. */
export interface Palette {
  /** Color of buttons and lines. Its contrast with page and cards is at least 3. */
  accent: string
  /** Color of text on the accent. Its contrast with the accent is at least 4.5. */
  onAccent: string
  /** The accent as a text color. Its contrast with page and cards is at least 4.5. */
  accentText: string
  /** Page background; undefined if our design's own is used. */
  page: string | undefined
}

/** A palette for each color scheme. */
export interface BrandColors {
  light: Palette
  dark: Palette
}

/** Colors as the operator or the tenant chose them, each `#rrggbb`. */
export interface ChosenColors {
  accent: string
  onAccent?: string | undefined
  page?: string | undefined
}

/** A chosen color that was changed because its contrast was too low. */
export interface Correction {
  of: 'accent' | 'text on the accent' | 'page background'
  from: string
  to: string
  /** The contrast before the change, from 1 to 21. */
  ratio: number
}

/**
 * Reads a color.
 *
 * @param value - The color as the tenant names it: `#rgb` or `#rrggbb`.
 * @returns `#rrggbb` in lower case; undefined for anything else.
 */
export function parseColor(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const color = value.toLowerCase()
  if (/^#[0-9a-f]{6}$/.test(color)) return color
  return /^#[0-9a-f]{3}$/.test(color) ? color.replace(/[0-9a-f]/g, '$&$&') : undefined
}

/**
 * Makes the palettes for chosen colors. A color without enough contrast gets darker or lighter in small steps and keeps its hue.
 * A dark page background is used in the dark scheme only, and a light one in the light scheme only.
 *
 * @returns The palettes, and the corrections in the light scheme. The dark scheme is derived, so corrections there are not
 *   listed.
 */
export function toBrandColors(chosen: ChosenColors): { colors: BrandColors; corrections: Correction[] } {
  const isDarkPage = chosen.page !== undefined && relativeLuminance(chosen.page) < DARK_PAGE
  const light = toPalette({ ...chosen, page: isDarkPage ? undefined : chosen.page }, 'light')
  const dark = toPalette({ ...chosen, page: isDarkPage ? chosen.page : undefined }, 'dark')
  return { colors: { light: light.palette, dark: dark.palette }, corrections: light.corrections }
}

function toPalette(
  { accent: from, onAccent: label, page: background }: ChosenColors,
  scheme: 'light' | 'dark',
): { palette: Palette; corrections: Correction[] } {
  const { page: ownPage, card, quietText } = DESIGN[scheme]
  const further = scheme === 'light' ? -1 : 1
  const page = background && changed(background, -further, [quietText], TEXT_CONTRAST)
  const behind = [page ?? ownPage, card]
  const accent = changed(from, further, behind, SHAPE_CONTRAST)
  const isLabelReadable = label !== undefined && contrast(label, accent) >= TEXT_CONTRAST
  const onAccent = isLabelReadable ? label : (textColorOn(accent) ?? '#ffffff')
  const corrections: Correction[] = []
  if (background && page && page !== background)
    corrections.push({
      of: 'page background',
      from: background,
      to: page,
      ratio: contrast(background, quietText),
    })
  if (accent !== from) corrections.push({ of: 'accent', from, to: accent, ratio: lowest(from, behind) })
  if (label !== undefined && onAccent !== label)
    corrections.push({
      of: 'text on the accent',
      from: label,
      to: onAccent,
      ratio: contrast(label, accent),
    })
  const accentText = changed(from, further, behind, TEXT_CONTRAST)
  return { palette: { accent, onAccent, accentText, page }, corrections }
}

const lowest = (color: string, others: readonly string[]): number =>
  Math.min(...others.map((other) => contrast(color, other)))

/**
 * The nearest shade of a color that has at least the contrast `least` with all `others`. It gets darker (`direction` -1) or
 * lighter (1) in steps of one percent, or stays as it is.
 */
function changed(color: string, direction: number, others: readonly string[], least: number): string {
  if (lowest(color, others) >= least) return color
  const { hue, saturation, lightness } = toHsl(color)
  for (let level = lightness; level >= 0 && level <= 1; level += direction / 100) {
    const shade = fromHsl(hue, saturation, level)
    if (lowest(shade, others) >= least) return shade
  }
  return direction < 0 ? '#000000' : '#ffffff'
}

/** @see {@link https://www.w3.org/TR/css-color-4/#rgb-to-hsl CSS Color 4, converting sRGB to HSL} */
function toHsl(color: string): { hue: number; saturation: number; lightness: number } {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(
    (start) => Number.parseInt(color.slice(start, start + 2), 16) / 255,
  )
  const [most, least] = [Math.max(red, green, blue), Math.min(red, green, blue)]
  const [range, lightness] = [most - least, (most + least) / 2]
  if (range === 0) return { hue: 0, saturation: 0, lightness }
  const saturation = (most - lightness) / Math.min(lightness, 1 - lightness)
  if (most === red) return { hue: 60 * ((green - blue) / range + 6), saturation, lightness }
  if (most === green) return { hue: 60 * ((blue - red) / range + 2), saturation, lightness }
  return { hue: 60 * ((red - green) / range + 4), saturation, lightness }
}

/** @see {@link https://www.w3.org/TR/css-color-4/#hsl-to-rgb CSS Color 4, converting HSL to sRGB} */
function fromHsl(hue: number, saturation: number, lightness: number): string {
  const channel = (offset: number) => {
    const turn = (offset + hue / 30) % 12
    const spread = saturation * Math.min(lightness, 1 - lightness)
    const value = lightness - spread * Math.max(-1, Math.min(turn - 3, 9 - turn, 1))
    return Math.round(value * 255)
      .toString(16)
      .padStart(2, '0')
  }
  return `#${channel(0)}${channel(8)}${channel(4)}`
}
