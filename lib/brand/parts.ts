/**
 * Turns the JSON of each source of a brand (such as an organization or the tenant's settings) into one shape.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { parseUrl } from '../../core/parse-url'
import type { Config } from '../config/config'
import { type ChosenColors, parseColor } from './colors'

/** Longest name that is shown, in characters. `BRAND_NAME` has the same limit. */
const MAX_NAME_LENGTH = 60
/** Longest URL of an image or a help page, in characters. */
const MAX_ADDRESS_LENGTH = 2_000
/** The most languages that are read. */
const MAX_LOCALES = 100

/** What one source says about the brand. A field that it leaves out comes from the next source. */
export interface BrandPart {
  name?: string | undefined
  /** A data URI. */
  inlineLogo?: string | undefined
  logoUrl?: string | undefined
  faviconUrl?: string | undefined
  /** `#rrggbb` */
  accent?: string | undefined
  /** Color of text on the accent. It is used only with the accent of the same source. */
  onAccent?: string | undefined
  /** Page background. */
  page?: string | undefined
  supportUrl?: string | undefined
  enabledLocales?: string[] | undefined
}

// We do not trust the tenant's values: a field that is not as expected counts as absent.
const orAbsent = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined)
const group = <Shape extends z.ZodRawShape>(shape: Shape) => orAbsent(z.object(shape))
const Name = orAbsent(
  z
    .string()
    .transform((text) =>
      [...text.replace(/[\p{C}\s]+/gu, ' ').trim()].slice(0, MAX_NAME_LENGTH).join('').trim(),
    )
    .transform((text) => text || undefined),
)
const Color = orAbsent(z.string().transform(parseColor))
const ImageUrl = orAbsent(z.string().min(1).max(MAX_ADDRESS_LENGTH))
const HelpUrl = orAbsent(
  z
    .string()
    .max(MAX_ADDRESS_LENGTH)
    .refine((text) => ['https:', 'http:', 'mailto:'].includes(parseUrl(text)?.protocol ?? '')),
)
const HelpEmail = orAbsent(z.string().regex(/^[^\s\p{C}@<>"?&#%,;]{1,64}@[^\s\p{C}@<>"?&#%,;/]{1,190}$/u))
const Locales = orAbsent(
  z
    .array(z.unknown())
    .transform((list) =>
      list
        .filter((tag): tag is string => typeof tag === 'string' && /^[a-z0-9-]{2,35}$/i.test(tag))
        .slice(0, MAX_LOCALES),
    ),
)

const Colors = group({ primary: Color, page_background: Color })

/**
 * Reads an organization.
 *
 * @returns Undefined if the JSON is not an organization. The other functions here also return undefined for unexpected JSON.
 * @see {@link https://auth0.com/docs/api/management/v2/organizations/get-organizations-by-id Get organization}
 */
export function organizationPart(raw: unknown): BrandPart | undefined {
  const read = z
    .object({ name: Name, display_name: Name, branding: group({ logo_url: ImageUrl, colors: Colors }) })
    .safeParse(raw).data
  return (
    read && {
      name: read.display_name ?? read.name,
      logoUrl: read.branding?.logo_url,
      accent: read.branding?.colors?.primary,
      page: read.branding?.colors?.page_background,
    }
  )
}

/**
 * Reads the default theme of Universal Login.
 *
 * @see {@link https://auth0.com/docs/api/management/v2/branding/get-default-branding-theme Get the default theme}
 */
export function themePart(raw: unknown): BrandPart | undefined {
  const read = z
    .object({
      colors: group({ primary_button: Color, primary_button_label: Color }),
      page_background: group({ background_color: Color }),
      widget: group({ logo_url: ImageUrl }),
    })
    .safeParse(raw).data
  return (
    read && {
      logoUrl: read.widget?.logo_url,
      accent: read.colors?.primary_button,
      onAccent: read.colors?.primary_button_label,
      page: read.page_background?.background_color,
    }
  )
}

/**
 * Reads the tenant's branding.
 *
 * @see {@link https://auth0.com/docs/api/management/v2/branding/get-branding Get branding}
 */
export function brandingPart(raw: unknown): BrandPart | undefined {
  const read = z.object({ logo_url: ImageUrl, favicon_url: ImageUrl, colors: Colors }).safeParse(raw).data
  return (
    read && {
      logoUrl: read.logo_url,
      faviconUrl: read.favicon_url,
      accent: read.colors?.primary,
      page: read.colors?.page_background,
    }
  )
}

/**
 * Reads the tenant's settings.
 *
 * @see {@link https://auth0.com/docs/api/management/v2/tenants/tenant-settings-route Get tenant settings}
 */
export function settingsPart(raw: unknown): BrandPart | undefined {
  const read = z
    .object({
      friendly_name: Name,
      picture_url: ImageUrl,
      support_url: HelpUrl,
      support_email: HelpEmail,
      enabled_locales: Locales,
    })
    .safeParse(raw).data
  return (
    read && {
      name: read.friendly_name,
      logoUrl: read.picture_url,
      supportUrl: read.support_url ?? (read.support_email && `mailto:${read.support_email}`),
      enabledLocales: read.enabled_locales,
    }
  )
}

/**
 * Reads the metadata of a custom domain. The operator can set `brand_name`, `brand_logo`, `brand_color`, `brand_page_background`
 * and `support_url` there.
 *
 * @param raw - The tenant's list of custom domains.
 * @param host - The host name of the domain.
 * @returns An empty part if the tenant has no such domain.
 * @see {@link https://auth0.com/docs/customize/custom-domains/multiple-custom-domains Multiple custom domains, domain metadata}
 */
export function domainPart(raw: unknown, host: string): BrandPart | undefined {
  const Domain = z.object({
    domain: z.string(),
    domain_metadata: group({
      brand_name: Name,
      brand_logo: ImageUrl,
      brand_color: Color,
      brand_page_background: Color,
      support_url: HelpUrl,
    }),
  })
  const list = z.array(z.unknown()).safeParse(raw).data
  const found = list?.map((each) => Domain.safeParse(each).data).find((each) => each?.domain === host)
  const metadata = found?.domain_metadata
  return (
    list && {
      name: metadata?.brand_name,
      logoUrl: metadata?.brand_logo,
      accent: metadata?.brand_color,
      page: metadata?.brand_page_background,
      supportUrl: metadata?.support_url,
    }
  )
}

/**
 * The first part that has a value for one of some fields.
 *
 * @param parts - The most important one first.
 */
export const firstPartHaving = (
  parts: readonly BrandPart[],
  ...fields: (keyof BrandPart)[]
): BrandPart | undefined => parts.find((part) => fields.some((field) => part[field] !== undefined))

/** What the environment says about the brand. */
export const ownPart = ({ ownBrand }: Pick<Config, 'ownBrand'>): BrandPart => ({
  name: ownBrand.name,
  inlineLogo: ownBrand.logo,
  accent: ownBrand.color,
  supportUrl: ownBrand.supportUrl,
})

/** Whether the environment sets the whole brand, so that we need not read the tenant's. */
export const isWholeBrand = ({ ownBrand }: Pick<Config, 'ownBrand'>): boolean =>
  Object.values(ownBrand).every((value) => value !== undefined)

/**
 * The chosen colors of a brand. The text color on the accent comes from the same source as the accent.
 *
 * @param parts - The most important one first.
 * @param accent - The accent if no part has one.
 */
export function chosenColors(parts: readonly BrandPart[], accent: string): ChosenColors {
  const colored = firstPartHaving(parts, 'accent')
  return {
    accent: colored?.accent ?? accent,
    onAccent: colored?.onAccent,
    page: firstPartHaving(parts, 'page')?.page,
  }
}
