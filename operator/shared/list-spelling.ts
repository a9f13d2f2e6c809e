/**
 * Respells lists of connections: an entry that is only a connection's name (`acme`) becomes `strategy:connection`
 * (`oidc:acme`), with the strategy that the connection has in the tenant. Version 1.0 will ignore names without a strategy.
 * @module
 */
import { parseListEntry, splitList } from '../../core/rules/connection-list'
import { allowRules, POLICY_OPTIONS, SECRET_PREFIX } from '../../core/rules/policy-options'
import { STRATEGIES } from '../../core/rules/strategies'
import type { ActualConnection } from './actual'
import type { Desired } from './desired'
import type { Variables } from './env-file'

/** A connection's name and strategy. */
export type NamedConnection = Pick<ActualConnection, 'name' | 'strategy'>

/** Names of the variables and of the Action's secrets whose lists are respelled. */
const NAMES = [
  'CONNECT_CONNECTIONS',
  ...allowRules().flatMap(({ option: { name } }) => [name, SECRET_PREFIX + name]),
]
/** Entries of lists that have a special meaning, so that they are no names of connections. */
const WORDS: readonly string[] = POLICY_OPTIONS.primary.values

/**
 * Replaces names of connections in a list by `strategy:connection`. An entry that is not the name of one of the tenant's
 * connections stays as it is. If there is nothing to replace, the whole list stays as written, including its white space.
 *
 * @param list - The operator's text.
 * @param connections - The tenant's connections.
 */
export function respelled(list: string, connections: NamedConnection[]): string {
  const entries = splitList(list)
  const spelled = entries.map((entry) => {
    const isBare = parseListEntry(entry).kind === 'bare' && !WORDS.includes(entry)
    const found = isBare && connections.find(({ name }) => name === entry)
    return found && STRATEGIES.includes(found.strategy) ? `${found.strategy}:${found.name}` : entry
  })
  return spelled.every((entry, index) => entry === entries[index]) ? list : spelled.join(',')
}

/** The variables with every list of connections {@link respelled}. Other variables stay as they are. */
export function respelledVariables(variables: Variables, connections: NamedConnection[]): Variables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      NAMES.includes(name) ? respelled(value, connections) : value,
    ]),
  )
}

/** The desired state with the lists of connections in the Action's secrets {@link respelled}. */
export function respelledDesired(desired: Desired, connections: NamedConnection[]): Desired {
  const secrets = desired.action.secrets.map(({ name, value }) => ({
    name,
    value: NAMES.includes(name) ? respelled(value, connections) : value,
  }))
  return { ...desired, action: { ...desired.action, secrets } }
}
