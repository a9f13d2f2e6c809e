import 'server-only'
import { bareEntries } from '../../core/rules/connection-list'
import { allowRules } from '../../core/rules/policy-options'
import type { Config } from './config'

/**
 * Finds connections that the configuration names without their strategy (`acme` instead of `oidc:acme`), in the lists that
 * allow something, such as `TRUSTED_CONNECTIONS`. Version 1.0 will no longer accept such names in these lists.
 *
 * @returns Each name, with the environment variable that holds it.
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
