/**
 * Reads the tenant's brand as the service does.
 * @module
 */
import { type Correction, toBrandColors } from '../../lib/brand/colors'
import { fetchImage } from '../../lib/brand/fetch-image'
import { type BrandPart, chosenColors, firstPartHaving, isWholeBrand, ownPart } from '../../lib/brand/parts'
import {
  type BrandSource,
  domainSource,
  organizationSource,
  readSource,
  TENANT_SOURCES,
} from '../../lib/brand/sources'
import type { Config } from '../../lib/config/config'
import type { BrandFacts } from './facts'

/** The service's own access to the Management API. */
interface ServiceAccess {
  /** Origin of the Management API, without a slash at the end. */
  origin: string
  token: string
  scopes: string[]
}

/**
 * Reads the brand with the service's own credentials.
 *
 * @returns What could not be read, and the colors that pages change for contrast. Undefined if the service reads no brand
 *   from the tenant, because its environment sets the whole brand or because `LINKING_AUTHORITY` is `user`.
 */
export async function readBrandFacts(config: Config, access: ServiceAccess): Promise<BrandFacts | undefined> {
  if (isWholeBrand(config) || config.linkingAuthority === 'user') return undefined
  const isSeveral = config.loginDomains.length > 1
  const sources = [...(isSeveral ? [domainSource(config.auth0Domain.host)] : []), ...TENANT_SOURCES]
  const unread: BrandFacts['unread'] = []
  const parts: BrandPart[] = [ownPart(config)]
  const isGranted = ({ what, scope, isOptional }: BrandSource): boolean => {
    const isIncluded = access.scopes.includes(scope)
    if (!isIncluded && !isOptional) unread.push({ what: nameOf(what), code: `no_scope_${scope}` })
    return isIncluded
  }
  // For organizations, check the scope only: the doctor does not read which organizations exist.
  isGranted(organizationSource(''))
  for (const source of sources.filter(isGranted)) {
    const read = await readSource(access, source)
    if ('found' in read) parts.push(read.found)
    else unread.push({ what: nameOf(source.what), code: read.failure })
  }
  const pictures = [
    ['logo', firstPartHaving(parts, 'inlineLogo', 'logoUrl')?.logoUrl],
    ['favicon', firstPartHaving(parts, 'faviconUrl')?.faviconUrl],
  ] as const
  for (const [what, url] of pictures) {
    const fetched = url === undefined ? undefined : await fetchImage(url)
    if (fetched && 'failure' in fetched) unread.push({ what, code: fetched.failure })
  }
  return { unread, corrections: correctionsOf(parts, config) }
}

const nameOf = (what: string): string => what.split(':')[0] ?? what

const correctionsOf = (parts: BrandPart[], config: Config): Correction[] =>
  toBrandColors(chosenColors(parts, config.brandColor)).corrections
