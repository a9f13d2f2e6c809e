/**
 * Reads facts about connections and Rules that only the doctor needs.
 * @module
 */
import type { ManagementClient } from 'auth0'
import { OperatorError } from '../shared/operator-error'
import { callTenant, readAllPages, readConnections } from '../shared/tenant-reads'
import type { ConnectionFacts, Unread } from './facts'
import { fixOf } from './fix-of'
import { unlessGone } from './unless-gone'

/** Strategies that SCIM can feed. */
const SCIM_STRATEGIES = ['samlp', 'oidc', 'okta', 'waad']

/**
 * Reads the connections that people log in with, and whether SCIM or directory sync feeds each. Needs `read:connections`,
 * `read:connections_options`, `read:scim_config`, `read:directory_provisionings`.
 *
 * @returns The connections, and what could not be read about them.
 * @throws {OperatorError} If the connections cannot be read at all.
 * @see {@link https://auth0.com/docs/authenticate/protocols/scim/configure-inbound-scim Inbound SCIM}
 */
export async function readConnectionFacts(
  api: ManagementClient,
): Promise<{ connections: ConnectionFacts[]; unread: Unread[] }> {
  const there = await readConnections(api, () => true)
  const unread: Unread[] = []
  const connections: ConnectionFacts[] = []
  for (const connection of there) {
    let isProvisioned = false
    try {
      isProvisioned = await hasProvisioning(api, connection.id, connection.strategy)
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      const forScope = 'Run the command with an application that has this scope, or look in the dashboard.'
      const fix = fixOf(error, forScope)
      unread.push({ what: `provisioning of "${connection.name}"`, reason: error.message, fix })
    }
    connections.push({ ...connection, isProvisioned })
  }
  if (there.length > 0 && there.every(({ options }) => options === undefined))
    unread.push({
      what: 'options of connections',
      reason: 'The token lacks read:connections_options.',
      fix: 'Run the command with the credentials of an application that has this scope.',
    })
  return { connections, unread }
}

/** Reads the names of the enabled Rules; none if the tenant no longer has Rules. Needs `read:rules`. */
export async function readRules(api: ManagementClient): Promise<string[]> {
  const rules = await unlessGone(readAllPages(api.rules.list({ per_page: 100, enabled: true })))
  return (rules ?? []).map(({ name = '' }) => name)
}

async function hasProvisioning(api: ManagementClient, id: string, strategy: string): Promise<boolean> {
  if (SCIM_STRATEGIES.includes(strategy))
    return (await unlessGone(callTenant(api.connections.scimConfiguration.get(id)))) !== undefined
  if (strategy === 'google-apps')
    return (await unlessGone(callTenant(api.connections.directoryProvisioning.get(id)))) !== undefined
  return false
}
