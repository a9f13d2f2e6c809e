/**
 * The places of a tenant that say something about a brand.
 * @module
 */
import 'server-only'
import { fetchCounted } from '../auth0/tenant-quota'
import type { Read } from './kept'
import { type BrandPart, brandingPart, domainPart, organizationPart, settingsPart, themePart } from './parts'

/** Longest wait for one answer, in milliseconds. */
const CALL_TIMEOUT_MS = 2_500

/** One place: where it is, with which scope it can be read, and what it means. */
export interface BrandSource {
  /** Names it: in the log the part before the first colon. */
  what: string
  path: string
  scope: string
  /** Whether the scope is one that operators grant only if they want this: without it the place says nothing. */
  isOptional?: true
  /** Undefined if the answer is not what Auth0 documents. */
  toPart(raw: unknown): BrandPart | undefined
}

/** The access to read with. */
export interface BrandAccess {
  /** Without a slash at the end. */
  origin: string
  token: string
}

const SETTINGS = 'friendly_name,picture_url,support_url,support_email,enabled_locales'

/** What the tenant says for everyone, the most important first. */
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
 * What an organization says.
 *
 * @param id - Its id; `encodeURIComponent` does not keep `.` and `..` in a path.
 */
export const organizationSource = (id: string): BrandSource => ({
  what: `organization:${id}`,
  path: `/organizations/${encodeURIComponent(id)}`,
  scope: 'read:organizations',
  toPart: organizationPart,
})

/**
 * What a custom domain says.
 *
 * @param host - Its name.
 */
export const domainSource = (host: string): BrandSource => ({
  what: `domain:${host}`,
  path: '/custom-domains',
  scope: 'read:custom_domains',
  isOptional: true,
  toPart: (raw) => domainPart(raw, host),
})

/**
 * Reads one place. Never throws.
 *
 * @returns What it says; or why it could not be read: `status_` and the status, `malformed`, `timeout`, `unreachable`.
 */
export async function readSource(
  { origin, token }: BrandAccess,
  { path, toPart }: BrandSource,
): Promise<Read<BrandPart>> {
  try {
    const response = await fetchCounted(`${origin}/api/v2${path}`, {
      headers: { authorization: `Bearer ${token}` },
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    })
    // A tenant without a theme of its own, or an organization that is gone, says nothing.
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
