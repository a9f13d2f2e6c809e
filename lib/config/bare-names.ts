import 'server-only'
import { bareEntries } from '../../core/rules/connection-list'
import { PRIMARY_WORDS } from '../../core/rules/policy'
import type { Config } from './config'

/**
 * Connections that are named without their strategy, in the lists in which that ends with version 1.0.
 *
 * @returns Each with its variable.
 */
export function bareNames({
  policy: { trusted, primary },
  connectConnections = [],
}: Pick<Config, 'policy' | 'connectConnections'>): { variable: string; name: string }[] {
  const lists = {
    TRUSTED_CONNECTIONS: bareEntries(trusted),
    PRIMARY: bareEntries(primary, PRIMARY_WORDS),
    CONNECT_CONNECTIONS: bareEntries(connectConnections),
  }
  return Object.entries(lists).flatMap(([variable, names]) => names.map((name) => ({ variable, name })))
}
