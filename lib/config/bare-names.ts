import 'server-only'
import { bareEntries } from '../../core/rules/connection-list'
import { allowRules } from '../../core/rules/policy-options'
import type { Config } from './config'

/**
 * Connections that are named without their strategy, in the lists in which that ends with version 1.0: those that grant
 * something.
 *
 * @returns Each with its variable.
 */
export function bareNames({
  policy,
  connectConnections = [],
}: Pick<Config, 'policy' | 'connectConnections'>): { variable: string; name: string }[] {
  const rules = allowRules().map(({ field, option: { name, values } }) => ({
    variable: name,
    names: bareEntries(policy[field], values),
  }))
  const lists = [...rules, { variable: 'CONNECT_CONNECTIONS', names: bareEntries(connectConnections) }]
  return lists.flatMap(({ variable, names }) => names.map((name) => ({ variable, name })))
}
