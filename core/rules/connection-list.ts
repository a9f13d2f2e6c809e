/**
 * The operator's lists of connections. An entry is the name of a provider (`github`: every connection of that strategy), or
 * `strategy:connection` (`oidc:acme`: that connection alone). The service, the Action, provisioning and the doctor read
 * the lists with these functions, so that they decide alike.
 *
 * The person who sets a connection up chooses its name, and that may be a customer. So a connection is never trusted because its
 * name is also a provider's.
 * @module
 */
import type { Identity } from '../identity'
import { STRATEGIES } from './strategies'

/** The provider and connection that an identity comes from. `connection` is undefined if it is not known. */
export interface Source {
  provider: Identity['provider']
  connection: Identity['connection'] | undefined
}

/** One entry of a list, taken apart. */
export type ListEntry =
  | { kind: 'provider'; strategy: string; name?: undefined }
  | { kind: 'connection'; strategy: string; name: string }
  /** A name that is no strategy: the connection of that name, whatever its strategy. Goes with version 1.0. */
  | { kind: 'bare'; strategy?: undefined; name: string }
  /** Something before the colon that is no strategy of Auth0, or nothing behind it. */
  | { kind: 'unreadable'; strategy: string; name: string }

/** Splits a list at commas and white space. */
export const splitList = (text: string): string[] => text.match(/[^\s,]+/g) ?? []

/** Takes an entry apart, at its first colon. */
export function parseListEntry(entry: string): ListEntry {
  const colon = entry.indexOf(':')
  if (colon < 0)
    return STRATEGIES.includes(entry) ? { kind: 'provider', strategy: entry } : { kind: 'bare', name: entry }
  const [strategy, name] = [entry.slice(0, colon), entry.slice(colon + 1)]
  const kind = STRATEGIES.includes(strategy) && name !== '' ? 'connection' : 'unreadable'
  return { kind, strategy, name }
}

/**
 * Whether a list that grants something names the source of an identity. An entry that cannot be read grants nothing, and
 * a connection that is not known is none of those that are named.
 *
 * @param source - Of an identity, or a connection with its strategy as `provider`.
 * @param list - Entries.
 */
export function isNamed({ provider, connection }: Source, list: string[]): boolean {
  return list.map(parseListEntry).some((entry) => {
    if (entry.kind === 'unreadable') return false
    // An entry without a strategy matches every strategy, and one without a name every name.
    const { strategy = provider, name = connection } = entry
    return strategy === provider && name === connection
  })
}

/**
 * Whether a list that forbids something may mean the source of an identity. A name without a colon means the provider and
 * the connection of that name. An entry that cannot be read, and a connection that is not known, count as meant if they may be.
 *
 * @param source - Of an identity, or a connection with its strategy as `provider`.
 * @param list - Entries.
 */
export function mayBeNamed({ provider, connection }: Source, list: string[]): boolean {
  return list.some((text) => {
    const { kind, strategy = provider, name = '' } = parseListEntry(text)
    const mayBeConnection = connection === undefined || connection === name
    switch (kind) {
      case 'provider':
        return provider === text || connection === text
      case 'bare':
        return provider === text || mayBeConnection
      case 'connection':
        return provider === strategy && mayBeConnection
      default:
        if (name !== '') return mayBeConnection
        // With no name behind the colon it may be the whole provider that is meant.
        return provider === strategy || !STRATEGIES.includes(strategy)
    }
  })
}

/** The entries that cannot be read. */
export const unreadableEntries = (list: string[]): string[] =>
  list.filter((entry) => parseListEntry(entry).kind === 'unreadable')

/**
 * The entries that name a connection without its strategy.
 *
 * @param words - Entries that are no names, such as `oldest`.
 */
export const bareEntries = (list: string[], words: readonly string[] = []): string[] =>
  list.filter((entry) => parseListEntry(entry).kind === 'bare' && !words.includes(entry))

/** A list in the one spelling that every list of the same meaning has: each entry once, in alphabetical order. */
export const normalizedList = (list: string[]): string[] => [...new Set(list)].sort()
