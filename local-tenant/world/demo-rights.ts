/**
 * The roles and organizations of the demo world.
 * @module
 */
import type { WorldBrand } from './brand'
import type { WorldRole } from './world-rights'

/** Returns the roles. */
export function demoRoles(): WorldRole[] {
  return [
    { name: 'editor', description: 'Writes and publishes' },
    { name: 'billing', description: 'Sees and pays invoices' },
    { name: 'admin', description: 'Manages the members of an organization' },
  ]
}

/** Returns the organizations. */
export function demoOrganizations(): NonNullable<WorldBrand['organizations']> {
  return [{ name: 'acme', display_name: 'Acme' }]
}
