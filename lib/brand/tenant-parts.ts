/**
 * Reads a brand from the tenant. It does not use Auth0's SDK, because the redirect flow must not load it.
 * @module
 */
import 'server-only'
import type { Authorities } from '../auth0/authority'
import type { Config } from '../config/config'
import { cachedBrandRead, foundLast, type Read } from './kept'
import type { BrandPart } from './parts'
import { type BrandSource, domainSource, organizationSource, readSource, TENANT_SOURCES } from './sources'

/** Selects a brand by the organization of a login and the domain at which the login runs. */
export interface BrandOf {
  /** The organization's id. Any other value is ignored. */
  organization?: string | undefined
  /** Host of a login domain. Any other host is ignored. */
  host?: string | undefined
}

/** What {@link tenantParts} needs. */
export interface TenantBrandServices extends Pick<Config, 'linkingAuthority' | 'loginDomains'> {
  authorities: Pick<Authorities, 'server' | 'isGranted'>
}

const isOrganizationId = (id: string): boolean => /^[\w-]{1,64}$/.test(id)

/**
 * Reads what the tenant says about a brand: organization, domain, theme, branding and settings, the most important one first.
 * Each part is cached for ten minutes. A part that cannot be read is left out.
 */
export async function tenantParts(services: TenantBrandServices, of: BrandOf): Promise<BrandPart[]> {
  // With `user` we have only the person's own token, which cannot read any of these.
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
    sources.map((source) => cachedBrandRead(source.what, () => readPart(services, source))),
  )
  return parts.filter((part) => part !== undefined)
}

/** The parts for the whole tenant that this process has already read. It starts no reads. */
export const knownParts = (): BrandPart[] =>
  TENANT_SOURCES.map(({ what }) => foundLast(what) as BrandPart | undefined).filter(
    (part) => part !== undefined,
  )

/** Whether a host is one of several login domains. With only one, the tenant's branding is enough. */
const hasOwnBrand = ({ loginDomains }: TenantBrandServices, host: string): boolean =>
  loginDomains.length > 1 && loginDomains.some((domain) => domain.host === host)

/** Reads one source. Never throws, and makes no API call for which the operator has not granted the scope. */
async function readPart({ authorities }: TenantBrandServices, source: BrandSource): Promise<Read<BrandPart>> {
  try {
    const authority = authorities.server()
    const token = await authority.token()
    if (!(await authorities.isGranted(source.scope)))
      return source.isOptional ? { found: {} } : { failure: `no_scope_${source.scope}` }
    const read = await readSource({ origin: authority.origin, token }, source)
    // The tenant refused a token that has not expired. Drop it, so that the next read gets another one.
    if ('failure' in read && read.failure === 'status_401') await authority.drop(token)
    return read
  } catch {
    return { failure: 'unreachable' }
  }
}
