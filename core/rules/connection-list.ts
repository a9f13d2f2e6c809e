/**
 * The operator's lists of connections. An entry is a provider (`github`: every connection of that strategy), or
 * `strategy:connection` (`oidc:acme`: only that connection). The service, the Action, provisioning and the doctor all use
 * these functions, so that they decide alike.
 *
 * The person who creates a connection chooses its name, and may be a customer. So a connection is never trusted only because it is
 * named like a provider.
 * @module
 */
import type { Identity } from '../identity'
import { STRATEGIES } from './strategies'

/** The provider and connection that an identity comes from. `connection` is undefined if it is not known. */
export interface Source {
  provider: Identity['provider']
  connection: Identity['connection'] | undefined
}

/** A parsed entry of a list. */
export type ListEntry =
  | { kind: 'provider'; strategy: string; name?: undefined }
  | { kind: 'connection'; strategy: string; name: string }
  /** The connection of this name, whatever its strategy. Version 1.0 removes this. */
  | { kind: 'bare'; strategy?: undefined; name: string }
  /** The part before the colon is no Auth0 strategy, or the part after it is empty. */
  | { kind: 'unreadable'; strategy: string; name: string }

/** Splits a list at commas and white space. */
export const splitList = (text: string): string[] => text.match(/[^\s,]+/g) ?? []

/** Parses an entry. It is split at its first colon. */
export function parseListEntry(entry: string): ListEntry {
  const colon = entry.indexOf(':')
  if (colon < 0)
    return STRATEGIES.includes(entry) ? { kind: 'provider', strategy: entry } : { kind: 'bare', name: entry }
  const [strategy, name] = [entry.slice(0, colon), entry.slice(colon + 1)]
  const kind = STRATEGIES.includes(strategy) && name !== '' ? 'connection' : 'unreadable'
  return { kind, strategy, name }
}

/**
 * Whether a list that grants something names a source. An unreadable entry grants nothing, and an unknown connection
 * matches no entry with a connection's name.
 *
 * @param source - An identity, or a connection with its strategy as `provider`.
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
 * Whether a list that forbids something may mean a source. An entry without a colon means both the provider and the
 * connection of that name. An unreadable entry, or an unknown connection, matches whenever it might be meant.
 *
 * @param source - An identity, or a connection with its strategy as `provider`.
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
        // Without a name after the colon, the entry may mean the whole provider.
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
 * @param words - Entries that are not names, such as `oldest`.
 */
export const bareEntries = (list: string[], words: readonly string[] = []): string[] =>
  list.filter((entry) => parseListEntry(entry).kind === 'bare' && !words.includes(entry))

/** The list without duplicates, sorted, so that lists of the same meaning are equal. */
export const normalizedList = (list: string[]): string[] => [...new Set(list)].sort()
