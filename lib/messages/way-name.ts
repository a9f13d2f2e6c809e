/**
 * What people call a way in: one name for it on every page.
 * @module
 */
import 'server-only'
import type { Messages } from './en'
import { listOf } from './list'
import { plainText } from './mask-email'

/** A way in: where an identity comes from. */
export interface Way {
  provider: string
  /** Undefined if it is not known. */
  connection?: string | undefined
}

/** A connection that is known, with the name that its operator gave it for people. */
export interface NamedConnection {
  name: string
  strategy: string
  displayName?: string | undefined
}

/**
 * Names a way in:
 * - by our word for its provider ("Google"), if that leaves no doubt which connection is meant;
 * - else by the name that the operator gave the connection for people, or if there is none by its name at the tenant;
 * - with the name at the tenant behind it if another connection would be called the same.
 *
 * @param known - The connections that are known, those of the page's other accounts at least. A connection that is called as a
 *   provider is (a "Google" that is none) gets its name at the tenant, too.
 */
export function wayName(messages: Messages, way: Way, known: NamedConnection[]): string {
  const { provider: strategy, connection: name } = way
  const found = known.find((each) => each.name === name && each.strategy === strategy)
  const own = found ?? { name: name ?? strategy, strategy }
  const label = labelOf(messages, own, known)
  if (name === undefined) return label
  const isTaken = known.some((each) => each.name !== name && labelOf(messages, each, known) === label)
  if (!isTaken && !isProvidersWord(messages, label, strategy)) return label
  const atTenant = plainText(name)
  return `${label} (${atTenant === label ? strategy : atTenant})`
}

/** A way in of which nothing but the provider is known: if the provider has one connection, it is by that one. */
export function wayOfProvider(provider: string, known: NamedConnection[]): Way {
  const [only, ...others] = known.filter(({ strategy }) => strategy === provider)
  return { provider, connection: others.length === 0 ? only?.name : undefined }
}

function labelOf(messages: Messages, own: NamedConnection, known: NamedConnection[]): string {
  const { name, strategy, displayName } = own
  const word = wordFor(messages, strategy)
  const display = displayName && plainText(displayName)
  if (word === undefined) return display || plainText(name)
  // Databases are told apart by their names only.
  const isOneOfSeveral =
    strategy === 'auth0' || known.some((each) => each.strategy === strategy && each.name !== name)
  return (isOneOfSeveral && display) || word
}

/** Our word for a provider; undefined if we have none. */
function wordFor({ providers }: Messages, provider: string): string | undefined {
  const words: Record<string, string> = providers
  return Object.hasOwn(words, provider) ? words[provider] : undefined
}

/** Whether a label is our word for another provider. */
const isProvidersWord = ({ providers }: Messages, label: string, strategy: string): boolean =>
  Object.entries<string>(providers).some(
    ([provider, word]) => provider !== strategy && word.toLowerCase() === label.toLowerCase(),
  )

/**
 * Whether names of connections are needed to name ways in: if we have no word for a provider, or two connections have one.
 */
export function needsConnections({ providers }: Messages, ways: Way[]): boolean {
  return ways.some(
    ({ provider, connection }) =>
      !Object.hasOwn(providers, provider) ||
      ways.some((other) => other.provider === provider && other.connection !== connection),
  )
}

/**
 * Names several ways in, each name once with a number behind it if several ways have it. None is left out without a word.
 *
 * @param more - How many there are beside these.
 */
export function wayList(messages: Messages, ways: Way[], more: number, known: NamedConnection[]): string {
  const names = ways.map((way) => wayName(messages, way, known))
  const once = [...new Set(names)].map((name) => {
    const count = names.filter((each) => each === name).length
    return count > 1 ? `${name} (${count})` : name
  })
  return listOf(messages, more > 0 ? [...once, messages.effects.waysOnly({ count: more })] : once)
}
