/**
 * Reads a brand from the tenant. Without the SDK, which the redirect flow does not load.
 * @module
 */
import 'server-only'
import type { Authorities } from '../auth0/authority'
import { fetchCounted } from '../auth0/tenant-quota'
import type { Config } from '../config/config'
import { kept, type Read } from './kept'
import { type BrandPart, brandingPart, domainPart, organizationPart, settingsPart, themePart } from './parts'

/** Longest wait for one answer, in milliseconds. */
const CALL_TIMEOUT_MS = 2_500

/** Whose brand: of the organization of a login, and of the domain that it runs at. */
export interface BrandOf {
  organization?: string | undefined
  /** Host of a login domain; any other counts as none. */
  host?: string | undefined
}

/** What reading the tenant's brand needs. */
export interface TenantBrandServices extends Pick<Config, 'linkingAuthority' | 'loginDomains'> {
  authorities: Pick<Authorities, 'server' | 'isGranted'>
}

/** One thing to read: where, with which scope, and what it means. */
interface Source {
  /** Names it in memory and, up to the first colon, in the log. */
  what: string
  path: string
  scope: string
  toPart(raw: unknown): BrandPart | undefined
}

const SETTINGS = 'friendly_name,picture_url,support_url,support_email,enabled_locales'

const THEME: Source = {
  what: 'theme',
  path: '/branding/themes/default',
  scope: 'read:branding',
  toPart: themePart,
}
const BRANDING: Source = { what: 'branding', path: '/branding', scope: 'read:branding', toPart: brandingPart }
const TENANT: Source = {
  what: 'settings',
  path: `/tenants/settings?fields=${SETTINGS}&include_fields=true`,
  scope: 'read:tenant_settings',
  toPart: settingsPart,
}
const organizationOf = (id: string): Source => ({
  what: `organization:${id}`,
  path: `/organizations/${encodeURIComponent(id)}`,
  scope: 'read:organizations',
  toPart: organizationPart,
})
const domainOf = (host: string): Source => ({
  what: `domain:${host}`,
  path: '/custom-domains',
  scope: 'read:custom_domains',
  toPart: (raw) => domainPart(raw, host),
})

/** Whether a text is the id of an organization. */
export const isOrganizationId = (id: string): boolean => /^[\w-]{1,64}$/.test(id)

/**
 * What the tenant says about a brand: organization, domain, theme, branding and settings, the most important one first. Each is kept
 * ten minutes. What cannot be read is left out.
 */
export async function tenantParts(services: TenantBrandServices, of: BrandOf): Promise<BrandPart[]> {
  // The person's own token cannot read any of this.
  if (services.linkingAuthority === 'user') return []
  const { organization, host } = of
  const sources = [
    ...(organization !== undefined && isOrganizationId(organization) ? [organizationOf(organization)] : []),
    ...(host !== undefined && hasOwnBrand(services, host) ? [domainOf(host)] : []),
    ...[THEME, BRANDING, TENANT],
  ]
  const parts = await Promise.all(
    sources.map((source) => kept(source.what, () => readPart(services, source))),
  )
  return parts.filter((part) => part !== undefined)
}

/** With one login domain there is nothing to tell apart. */
const hasOwnBrand = ({ loginDomains }: TenantBrandServices, host: string): boolean =>
  loginDomains.length > 1 && loginDomains.some((domain) => domain.host === host)

/** Reads one thing. Never throws, and never asks for what the operator has not granted. */
async function readPart({ authorities }: TenantBrandServices, source: Source): Promise<Read<BrandPart>> {
  try {
    const authority = authorities.server()
    const token = await authority.token()
    if (!(await authorities.isGranted(source.scope))) return { failure: `no_scope_${source.scope}` }
    const response = await fetchCounted(`${authority.origin}/api/v2${source.path}`, {
      headers: { authorization: `Bearer ${token}` },
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    })
    // A tenant without a theme of its own, or an organization that is gone, says nothing.
    if (response.status === 404) return { found: {} }
    if (response.status === 401) await authority.drop(token)
    if (!response.ok) return { failure: `status_${response.status}` }
    const found = source.toPart(await response.json())
    return found ? { found } : { failure: 'malformed' }
  } catch (error) {
    if (error instanceof SyntaxError) return { failure: 'malformed' }
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    return { failure: isLate ? 'timeout' : 'unreachable' }
  }
}
