/**
 * The brand in the world JSON (the description of a tenant, see `world.ts`): the tenant's branding, theme, settings and
 * custom domains, and its organizations.
 * @module
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'

const Values = z.record(z.string(), z.unknown())

const Branding = z.strictObject({
  logo_url: z.string().optional(),
  favicon_url: z.string().optional(),
  colors: z.strictObject({ primary: z.string(), page_background: z.string() }).partial().optional(),
})

const Settings = z.strictObject({
  friendly_name: z.string().optional(),
  picture_url: z.string().optional(),
  support_url: z.string().optional(),
  support_email: z.string().optional(),
  enabled_locales: z.array(z.string()).optional(),
  /**
   * Whether logins may name an organization by its name, and tokens have `org_name`. True by default; at Auth0, the default
   * is false.
   */
  allow_organization_name_in_authentication_api: z.boolean().optional(),
})

const Organization = z.strictObject({
  id: z.string().optional(),
  name: z.string().min(1),
  display_name: z.string().optional(),
  branding: Branding.optional(),
  /** Names of the connections that the members may use; all connections if left out. */
  connections: z.array(z.string()).optional(),
})

/** The organizations of the demo. */
const DEMO_ORGANIZATIONS: z.output<typeof Organization>[] = [{ name: 'acme', display_name: 'Acme' }]

/** The schema of the brand in the world JSON. A part that is left out keeps its demo value. */
export const WorldBrand = {
  branding: Branding.optional(),
  /**
   * The parts of the default theme that differ from Auth0's. If this is left out, the tenant has no default theme, and the
   * endpoint responds with 404.
   */
  theme: z.strictObject({ colors: Values, page_background: Values, widget: Values }).partial().optional(),
  settings: Settings.optional(),
  custom_domains: z
    .array(
      z.strictObject({
        domain: z.string().min(1),
        domain_metadata: z.record(z.string(), z.string()).optional(),
      }),
    )
    .optional(),
  organizations: z.array(Organization).optional(),
}

/** @see {@link WorldBrand} */
export type WorldBrand = z.output<z.ZodObject<typeof WorldBrand>>

/** An organization, as the Management API shows it. */
export type StoredOrganization = z.output<typeof Organization> & { id: string }

/** The brand of a tenant. */
export interface StoredBrand extends Required<Omit<WorldBrand, 'theme' | 'organizations'>> {
  theme?: WorldBrand['theme']
  organizations: StoredOrganization[]
}

/**
 * Completes the brand from the world JSON. An organization's id is derived from its name, so that the id is the same in
 * every run.
 *
 * @param world - The brand in the world JSON.
 * @param supportUrl - The support URL of the demo brand.
 * @see https://auth0.com/docs/api/management/v2/organizations/get-organizations-by-id
 */
export function toStoredBrand(world: WorldBrand, supportUrl: string): StoredBrand {
  const { branding, theme, settings, custom_domains = [], organizations = DEMO_ORGANIZATIONS } = world
  return {
    branding: branding ?? { colors: { primary: '#1f4e79', page_background: '#ffffff' } },
    ...(theme && { theme }),
    settings: settings ?? {
      friendly_name: 'Local Company',
      support_url: supportUrl,
      enabled_locales: ['en'],
    },
    custom_domains,
    organizations: organizations.map((organization) => ({
      ...organization,
      id:
        organization.id ?? `org_${createHash('sha256').update(organization.name).digest('hex').slice(0, 16)}`,
    })),
  }
}
