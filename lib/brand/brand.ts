/**
 * The brand that pages show: its name, logo and colors, and the URL where people find help.
 * @module
 */
import 'server-only'
import type { Config } from '../config/config'
import type { CacheServices } from '../store/cached'
import { type BrandColors, toBrandColors } from './colors'
import { fetchImage, type ImageNetwork, PUBLIC_NETWORK } from './fetch-image'
import { toDataUri } from './image'
import { cachedBrandRead, foundLast } from './kept'
import { type BrandPart, chosenColors, firstPartHaving, isWholeBrand, ownPart } from './parts'
import { servedAt } from './served-images'
import { type BrandOf, knownParts, type TenantBrandServices, tenantParts } from './tenant-parts'

/** Longest time that a page waits for the tenant's brand, in milliseconds. A later response is kept for the next page. */
const PAGE_WAIT_MS = 1_000

/** A picture of a brand. */
export interface BrandPicture {
  /** A data URI of at most 4,096 characters; undefined if the picture is larger. */
  inline: string | undefined
  /** The `src` for pages that may load images: the data URI, or a path of this app. */
  src: string
}

/** A brand as pages show it. */
export interface Brand {
  name: string
  logo: BrandPicture | undefined
  favicon: BrandPicture | undefined
  colors: BrandColors
  supportUrl: string
  /** The tenant's languages, the default one first. Empty if they are not known. */
  enabledLocales: string[]
}

/** The brands of an installation. */
export interface Brands {
  /**
   * The brand for a page. The first page waits for the tenant for one second at most, and then shows the brand that the
   * environment configures. Later pages show what was read before, even while it is read again. Never throws.
   *
   * @param of - The organization and the login domain of the brand. By default, the tenant's own brand.
   */
  brandFor(of?: BrandOf): Promise<Brand>
  /**
   * The tenant's name, support URL and languages, from what this process has already read, for callers that must not wait.
   * Anything missing or old is read in the background.
   */
  known(): Pick<Brand, 'name' | 'supportUrl' | 'enabledLocales'>
  /**
   * The tenant's brand, from what this process has already read. It starts no reads, so it can be used in responses to requests
   * that anyone can make.
   */
  atHand(): Brand
}

/** What {@link createBrands} needs. */
export interface BrandServices
  extends CacheServices,
    TenantBrandServices,
    Pick<Config, 'brandColor' | 'brandName' | 'ownBrand' | 'supportUrl'> {}

/**
 * Makes the brands of an installation. Each field comes from the first of these sources that has a value: the environment, the
 * organization, the custom domain, the theme, the tenant's branding, the tenant's settings, the defaults.
 *
 * @param network - The network from which pictures are fetched. Only tests pass one.
 */
export function createBrands(services: BrandServices, network: ImageNetwork = PUBLIC_NETWORK): Brands {
  const own = ownPart(services)

  async function find(of: BrandOf): Promise<Brand> {
    const parts = [own, ...(await tenantParts(services, of))]
    const pictured = firstPartHaving(parts, 'inlineLogo', 'logoUrl')
    const faviconUrl = firstPartHaving(parts, 'faviconUrl')?.faviconUrl
    const [logo, favicon] = await Promise.all([
      pictured?.inlineLogo ? toInline(pictured.inlineLogo) : picture('logo', pictured?.logoUrl),
      picture('favicon', faviconUrl),
    ])
    return toBrand(services, parts, logo, favicon)
  }

  async function picture(what: string, url: string | undefined): Promise<BrandPicture | undefined> {
    if (url === undefined) return undefined
    return cachedBrandRead<BrandPicture>(`${what}:${url}`, async () => {
      const fetched = await fetchImage(url, network)
      if ('failure' in fetched) return fetched
      const inline = toDataUri(fetched.image)
      return {
        found: inline
          ? toInline(inline)
          : { inline: undefined, src: await servedAt(services, fetched.image) },
      }
    })
  }

  const today = toBrand(services, [own], own.inlineLogo === undefined ? undefined : toInline(own.inlineLogo))

  async function brandFor(of: BrandOf = {}): Promise<Brand> {
    if (isWholeBrand(services)) return today
    const late = new Promise<Brand>((resolve) => setTimeout(resolve, PAGE_WAIT_MS, today).unref())
    return Promise.race([find(of), late])
  }

  function atHand(): Brand {
    const parts = [own, ...knownParts()]
    const pictured = firstPartHaving(parts, 'inlineLogo', 'logoUrl')
    const found = (what: string, url: string | undefined) =>
      foundLast(`${what}:${url}`) as BrandPicture | undefined
    const logo = pictured?.inlineLogo ? toInline(pictured.inlineLogo) : found('logo', pictured?.logoUrl)
    return toBrand(services, parts, logo, found('favicon', firstPartHaving(parts, 'faviconUrl')?.faviconUrl))
  }

  return {
    brandFor,
    atHand,
    known() {
      void brandFor()
      return atHand()
    },
  }
}

const toInline = (inline: string): BrandPicture => ({ inline, src: inline })

function toBrand(
  { brandName, brandColor, supportUrl }: BrandServices,
  parts: BrandPart[],
  logo?: BrandPicture,
  favicon?: BrandPicture,
): Brand {
  return {
    name: firstPartHaving(parts, 'name')?.name ?? brandName,
    logo,
    favicon,
    colors: toBrandColors(chosenColors(parts, brandColor)).colors,
    supportUrl: firstPartHaving(parts, 'supportUrl')?.supportUrl ?? supportUrl,
    enabledLocales: firstPartHaving(parts, 'enabledLocales')?.enabledLocales ?? [],
  }
}
