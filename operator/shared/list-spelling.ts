/**
 * The spelling of lists of connections: names without a strategy get the one that the tenant's connection has.
 * @module
 */
import { parseListEntry, splitList } from '../../core/rules/connection-list'
import { PRIMARY_WORDS } from '../../core/rules/policy'
import { STRATEGIES } from '../../core/rules/strategies'
import type { ActualConnection } from './actual'
import type { Desired } from './desired'
import type { Variables } from './env-file'
import { secretOf } from './further-secrets'

/** A connection, as far as its name and kind go. */
export type NamedConnection = Pick<ActualConnection, 'name' | 'strategy'>

/**
 * The lists in which a name alone will not be read from version 1.0 on. In `BLOCKED_CONNECTIONS` and `PROVISIONED_CONNECTIONS`
 * it stays, because it means more there than any one connection.
 */
const RESPELLED = ['TRUSTED_CONNECTIONS', 'PRIMARY', 'CONNECT_CONNECTIONS'] as const

/** The names of these lists, in the service's environment and among the Action's secrets. */
const NAMES: string[] = [...RESPELLED, secretOf('TRUSTED_CONNECTIONS'), secretOf('PRIMARY')]

/**
 * A list as `strategy:connection` spells it. What names no connection of the tenant stays as it is, and a list without any such
 * name is given back to the letter.
 *
 * @param list - As somebody wrote it.
 * @param connections - Of the tenant.
 */
export function respelled(list: string, connections: NamedConnection[]): string {
  const entries = splitList(list)
  const spelled = entries.map((entry) => {
    const isBare = parseListEntry(entry).kind === 'bare' && !PRIMARY_WORDS.includes(entry)
    const found = isBare && connections.find(({ name }) => name === entry)
    return found && STRATEGIES.includes(found.strategy) ? `${found.strategy}:${found.name}` : entry
  })
  return spelled.every((entry, index) => entry === entries[index]) ? list : spelled.join(',')
}

/** Variables with every such list {@link respelled}; all others as they are. */
export function respelledVariables(variables: Variables, connections: NamedConnection[]): Variables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      NAMES.includes(name) ? respelled(value, connections) : value,
    ]),
  )
}

/** What is desired, with the lists among the Action's secrets {@link respelled}. */
export function respelledDesired(desired: Desired, connections: NamedConnection[]): Desired {
  const secrets = desired.action.secrets.map(({ name, value }) => ({
    name,
    value: NAMES.includes(name) ? respelled(value, connections) : value,
  }))
  return { ...desired, action: { ...desired.action, secrets } }
}
