/**
 * Names sign-in methods for people: each has the same name on every page.
 * @module
 */
import 'server-only'
import type { Messages } from './en'
import { listOf } from './list'
import { plainText } from './mask-email'

/** A sign-in method: the provider and connection of an identity. */
export interface SignInMethod {
  provider: string
  /** Undefined if the connection is not known. */
  connection?: string | undefined
}

/** A known connection, with the display name that the operator may have set at the tenant. */
export interface NamedConnection {
  name: string
  strategy: string
  displayName?: string | undefined
}

/**
 * Names a sign-in method:
 * - by our name for its provider ("Google"), if the provider has only one known connection and is not `auth0` (databases);
 * - otherwise by the connection's display name. If it has none, by our name for the provider, or if we have none, by the
 *   connection's own name;
 * - followed by the connection's own name in parentheses, if another known connection would have the same name or if the name is
 *   also our name for another provider. If that repeats the name, the provider is in the parentheses.
 *
 * @param known - The known connections, at least those of all accounts on the page.
 */
export function signInMethodName(messages: Messages, way: SignInMethod, known: NamedConnection[]): string {
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

/** The sign-in method for a provider. If the provider has only one known connection, it is that connection. */
export function wayOfProvider(provider: string, known: NamedConnection[]): SignInMethod {
  const [only, ...others] = known.filter(({ strategy }) => strategy === provider)
  return { provider, connection: others.length === 0 ? only?.name : undefined }
}

function labelOf(messages: Messages, own: NamedConnection, known: NamedConnection[]): string {
  const { name, strategy, displayName } = own
  const word = wordFor(messages, strategy)
  const display = displayName && plainText(displayName)
  if (word === undefined) return display || plainText(name)
  // Prefer the display name for every database connection, because all of them have the same provider.
  const isOneOfSeveral =
    strategy === 'auth0' || known.some((each) => each.strategy === strategy && each.name !== name)
  return (isOneOfSeveral && display) || word
}

/** Our name for a provider; undefined if we have none. */
function wordFor({ providers }: Messages, provider: string): string | undefined {
  const words: Record<string, string> = providers
  return Object.hasOwn(words, provider) ? words[provider] : undefined
}

/** Whether a label is our name for another provider. */
const isProvidersWord = ({ providers }: Messages, label: string, strategy: string): boolean =>
  Object.entries<string>(providers).some(
    ([provider, word]) => provider !== strategy && word.toLowerCase() === label.toLowerCase(),
  )

/**
 * Whether we must read the tenant's connections to name some sign-in methods: because we have no name for a provider, or because
 * two connections have the same provider.
 */
export function needsConnections({ providers }: Messages, ways: SignInMethod[]): boolean {
  return ways.some(
    ({ provider, connection }) =>
      !Object.hasOwn(providers, provider) ||
      ways.some((other) => other.provider === provider && other.connection !== connection),
  )
}

/**
 * Lists the names of several sign-in methods. A name that several of them share appears once, with their number.
 *
 * @param more - How many further sign-in methods there are. The list ends with this number.
 */
export function listSignInMethods(
  messages: Messages,
  ways: SignInMethod[],
  more: number,
  known: NamedConnection[],
): string {
  const names = ways.map((way) => signInMethodName(messages, way, known))
  const once = [...new Set(names)].map((name) => {
    const count = names.filter((each) => each === name).length
    return count > 1 ? `${name} (${count})` : name
  })
  return listOf(messages, more > 0 ? [...once, messages.effects.waysOnly({ count: more })] : once)
}
