/**
 * The resources of a tenant that say something about a brand.
 * @module
 */
import 'server-only'
import { fetchTrackingQuota } from '../auth0/tenant-quota'
import type { Read } from './kept'
import { type BrandPart, brandingPart, domainPart, organizationPart, settingsPart, themePart } from './parts'

/** Longest wait for one response, in milliseconds. */
const CALL_TIMEOUT_MS = 2_500

/** One resource: its path, the scope that reading it needs, and how to read a brand from it. */
export interface BrandSource {
  /** The name of the source. The log shows the part before the first colon. */
  what: string
  path: string
  scope: string
  /** True if operators need not grant the scope. If it is not granted, the source counts as empty, not as failed. */
  isOptional?: true
  /** Reads the brand from the response. Returns undefined if the response does not have the shape that Auth0 documents. */
  toPart(raw: unknown): BrandPart | undefined
}

/** The origin and the access token to read with. */
export interface BrandAccess {
  /** Without a slash at the end. */
  origin: string
  token: string
}

const SETTINGS = 'friendly_name,picture_url,support_url,support_email,enabled_locales'

/** The sources that apply to the whole tenant, the most important one first. */
export const TENANT_SOURCES: readonly BrandSource[] = [
  {
    what: 'theme',
    path: '/branding/themes/default',
    scope: 'read:branding',
    toPart: themePart,
  },
  { what: 'branding', path: '/branding', scope: 'read:branding', toPart: brandingPart },
  {
    what: 'settings',
    path: `/tenants/settings?fields=${SETTINGS}&include_fields=true`,
    scope: 'read:tenant_settings',
    toPart: settingsPart,
  },
]

/**
 * The source for an organization.
 *
 * @param id - The organization's id. It must not be `.` or `..`, which `encodeURIComponent` does not encode.
 */
export const organizationSource = (id: string): BrandSource => ({
  what: `organization:${id}`,
  path: `/organizations/${encodeURIComponent(id)}`,
  scope: 'read:organizations',
  toPart: organizationPart,
})

/**
 * The source for a custom domain.
 *
 * @param host - The domain's host name.
 */
export const domainSource = (host: string): BrandSource => ({
  what: `domain:${host}`,
  path: '/custom-domains',
  scope: 'read:custom_domains',
  isOptional: true,
  toPart: (raw) => domainPart(raw, host),
})

/**
 * Reads one source. Never throws.
 *
 * @returns The brand part, or why it could not be read: `status_` and the HTTP status, `malformed`, `timeout` or `unreachable`.
 */
export async function readSource(
  { origin, token }: BrandAccess,
  { path, toPart }: BrandSource,
): Promise<Read<BrandPart>> {
  try {
    const response = await fetchTrackingQuota(`${origin}/api/v2${path}`, {
      headers: { authorization: `Bearer ${token}` },
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    })
    // The tenant has no theme of its own, or the organization no longer exists. Both count as an empty part.
    if (response.status === 404) return { found: {} }
    if (!response.ok) return { failure: `status_${response.status}` }
    const found = toPart(await response.json())
    return found ? { found } : { failure: 'malformed' }
  } catch (error) {
    if (error instanceof SyntaxError) return { failure: 'malformed' }
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    return { failure: isLate ? 'timeout' : 'unreachable' }
  }
}
