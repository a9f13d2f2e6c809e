/**
 * The spelling of lists of connections: names without a strategy get the one that the tenant's connection has.
 * @module
 */
import { parseListEntry, splitList } from '../../core/rules/connection-list'
import { allowRules, POLICY_OPTIONS, SECRET_PREFIX } from '../../core/rules/policy-options'
import { STRATEGIES } from '../../core/rules/strategies'
import type { ActualConnection } from './actual'
import type { Desired } from './desired'
import type { Variables } from './env-file'

/** A connection, as far as its name and kind go. */
export type NamedConnection = Pick<ActualConnection, 'name' | 'strategy'>

/** The names of the lists that are respelled, in the service's environment and among the Action's secrets. */
const NAMES = [
  'CONNECT_CONNECTIONS',
  ...allowRules().flatMap(({ option: { name } }) => [name, SECRET_PREFIX + name]),
]
/** Entries of lists that name no connection. */
const WORDS: readonly string[] = POLICY_OPTIONS.primary.values

/**
 * Writes a list with `strategy:connection` in place of names. An entry that names no connection of the tenant stays as it is. A
 * list without any name to replace stays as it is, to the letter.
 *
 * @param list - As the operator wrote it.
 * @param connections - Of the tenant.
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
