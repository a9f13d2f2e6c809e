/**
 * Reads a brand from the tenant. Without the SDK, which the redirect flow does not load.
 * @module
 */
import 'server-only'
import type { Authorities } from '../auth0/authority'
import type { Config } from '../config/config'
import { foundLast, kept, type Read } from './kept'
import type { BrandPart } from './parts'
import { type BrandSource, domainSource, organizationSource, readSource, TENANT_SOURCES } from './sources'

/** Whose brand: of the organization of a login, and of the domain that it runs at. */
export interface BrandOf {
  /** Its id; anything else counts as none. */
  organization?: string | undefined
  /** Host of a login domain; any other counts as none. */
  host?: string | undefined
}

/** What reading the tenant's brand needs. */
export interface TenantBrandServices extends Pick<Config, 'linkingAuthority' | 'loginDomains'> {
  authorities: Pick<Authorities, 'server' | 'isGranted'>
}

const isOrganizationId = (id: string): boolean => /^[\w-]{1,64}$/.test(id)

/**
 * What the tenant says about a brand: organization, domain, theme, branding and settings, the most important one first. Each is kept
 * ten minutes. What cannot be read is left out.
 */
export async function tenantParts(services: TenantBrandServices, of: BrandOf): Promise<BrandPart[]> {
  // The person's own token cannot read any of this.
  if (services.linkingAuthority === 'user') return []
  const { organization, host } = of
  const sources = [
    ...(organization !== undefined && isOrganizationId(organization)
      ? [organizationSource(organization)]
      : []),
    ...(host !== undefined && hasOwnBrand(services, host) ? [domainSource(host)] : []),
    ...TENANT_SOURCES,
  ]
  const parts = await Promise.all(
    sources.map((source) => kept(source.what, () => readPart(services, source))),
  )
  return parts.filter((part) => part !== undefined)
}

/** What this process knows of what the tenant says for everyone, without reading. */
export const knownParts = (): BrandPart[] =>
  TENANT_SOURCES.map(({ what }) => foundLast(what) as BrandPart | undefined).filter(
    (part) => part !== undefined,
  )

/** With one login domain there is nothing to tell apart. */
const hasOwnBrand = ({ loginDomains }: TenantBrandServices, host: string): boolean =>
  loginDomains.length > 1 && loginDomains.some((domain) => domain.host === host)

/** Reads one place. Never throws, and never asks for what the operator has not granted. */
async function readPart({ authorities }: TenantBrandServices, source: BrandSource): Promise<Read<BrandPart>> {
  try {
    const authority = authorities.server()
    const token = await authority.token()
    if (!(await authorities.isGranted(source.scope)))
      return source.isOptional ? { found: {} } : { failure: `no_scope_${source.scope}` }
    const read = await readSource({ origin: authority.origin, token }, source)
    // Refused although it has not expired: the next read gets another.
    if ('failure' in read && read.failure === 'status_401') await authority.drop(token)
    return read
  } catch {
    return { failure: 'unreachable' }
  }
}
