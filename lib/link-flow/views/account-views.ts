import 'server-only'
import type { AccountView, TileView } from '@/components/ui/account-tile'
import { dateView } from '@/components/ui/date-view'
import { iconOf } from '@/components/ui/provider-icon'
import { connectionNames } from '@/lib/auth0/connection-names'
import { proofDomain } from '@/lib/config/domain-of'
import type { FlowCandidate, LinkTransaction } from '@/lib/link-flow/transaction-shape'
import type { Messages } from '@/lib/messages/en'
import { fieldNames } from '@/lib/messages/field-names'
import { wholeEmail } from '@/lib/messages/mask-email'
import { rightsList } from '@/lib/messages/rights-names'
import {
  listSignInMethods,
  type NamedConnection,
  needsConnections,
  type SignInMethod,
  signInMethodName,
} from '@/lib/messages/way-name'
import { providerOf } from '../../../core/identity'
import { appUrl } from '../../config/app-url'
import type { Services } from '../services'

/**
 * The connections that give a flow's sign-in methods their names: those of its accounts, and those that the tenant lists, if
 * needed.
 */
export type Known = NamedConnection[]

/**
 * Finds these connections for a flow. Our own names for providers are mostly enough. We ask the tenant, at most once in ten
 * minutes, only if we have no name for a provider, or if two of the flow's connections have the same provider.
 */
export async function knownIn(
  services: Services,
  messages: Messages,
  transaction: LinkTransaction,
): Promise<Known> {
  const ways = [
    currentWay(transaction),
    ...transaction.candidates.flatMap((candidate) => [wayOf(candidate), ...alsoOf(candidate)]),
  ]
  const named = needsConnections(messages, ways) ? await connectionNames(services) : []
  const others = ways.flatMap(({ provider: strategy, connection: name }) =>
    name ? [{ name, strategy }] : [],
  )
  return [...named, ...others.filter(({ name }) => !named.some((each) => each.name === name))]
}

const wayOf = ({ userId, connection }: FlowCandidate): SignInMethod => ({
  provider: providerOf(userId),
  connection,
})

/** The current account's sign-in method. Leaves the connection out if it is of another identity of the account. */
const currentWay = ({ sub, connection, isOtherConnection }: LinkTransaction): SignInMethod => ({
  provider: providerOf(sub),
  connection: isOtherConnection ? undefined : connection,
})

/** The further sign-in methods of a candidate. The token names each as a provider or as `strategy:connection`. */
const alsoOf = ({ also = [] }: FlowCandidate): SignInMethod[] =>
  also.map((entry) => {
    const colon = entry.indexOf(':')
    return colon < 0
      ? { provider: entry }
      : { provider: entry.slice(0, colon), connection: entry.slice(colon + 1) }
  })

/** The account of this login. */
export function currentAccount(messages: Messages, transaction: LinkTransaction, known: Known): AccountView {
  return accountView(messages, transaction, currentWay(transaction), known)
}

/**
 * An account that may be linked. Candidates are found by the current account's email address, so they have the same one, and the
 * person may see it whole.
 */
export function candidateAccount(
  messages: Messages,
  transaction: LinkTransaction,
  candidate: FlowCandidate,
  known: Known,
): AccountView {
  const { since } = candidate
  return {
    ...accountView(messages, transaction, wayOf(candidate), known),
    further: since ? messages.effects.since({ date: dateView(messages, since, 'day').text }) : undefined,
  }
}

function accountView(
  messages: Messages,
  { email }: LinkTransaction,
  way: SignInMethod,
  known: Known,
): AccountView {
  return { ...wayView(messages, way, known), label: email && wholeEmail(email) }
}

/**
 * The name and the icon of a sign-in method.
 *
 * @param known - The connections whose names are known.
 */
export const wayView = (messages: Messages, way: SignInMethod, known: Known): AccountView => ({
  provider: signInMethodName(messages, way, known),
  icon: iconOf(way.provider, way.connection),
})

/**
 * The proven account, with its whole email address. The person has just signed in to it, and a masked address could hide that it
 * is the wrong account.
 */
export function provenAccount(
  messages: Messages,
  transaction: LinkTransaction,
  candidate: FlowCandidate,
  known: Known,
): AccountView {
  const email = transaction.proof?.email
  return { ...candidateAccount(messages, transaction, candidate, known), label: email && wholeEmail(email) }
}

/** The account that the person signed in to instead of the candidate. Its email address is already masked. */
export const wrongAccount = (
  messages: Messages,
  { provider, email }: NonNullable<LinkTransaction['wrong']>,
): TileView => ({
  account: { ...wayView(messages, { provider }, []), label: email },
  tag: messages.wrongAccount.signedIn,
})

/**
 * The effects of a link that depend on the candidate, one sentence each.
 *
 * @param isProven - Whether the person has proven that the candidate is theirs. Only then are its metadata fields and rights
 *   named; before, the fields are only counted.
 */
export function candidateEffects(
  messages: Messages,
  candidate: FlowCandidate,
  known: Known,
  isProven: boolean,
): string[] {
  const { effects } = messages
  const { stays, more = 0 } = candidate
  const provider = signInMethodName(messages, wayOf(candidate), known)
  const also = listSignInMethods(messages, alsoOf(candidate), more, known)
  return [
    stays === 'current' ? effects.currentStays : effects.candidateStays({ provider }),
    ...carriedEffect(messages, candidate, isProven),
    ...(isProven ? givenEffect(messages, candidate) : []),
    ...(also === '' ? [] : [effects.also({ provider, providers: also })]),
  ]
}

function givenEffect(messages: Messages, { rights }: FlowCandidate): string[] {
  const list = rights && rightsList(messages, rights)
  return [
    ...(list === undefined ? [] : [messages.rights.given({ rights: list })]),
    ...(rights?.enroll ? [messages.rights.enroll] : []),
  ]
}

function carriedEffect(messages: Messages, { carried, fields }: FlowCandidate, isProven: boolean): string[] {
  const { effects } = messages
  if (!carried) return []
  const names = isProven && fields && fieldNames(messages, fields, carried - fields.length)
  return [names ? effects.carriedFields({ fields: names }) : effects.carried({ count: carried })]
}

/** The link that signs the browser out at the tenant and then returns to the prompt. */
export function tenantSignOut(
  services: Pick<Services, 'appBaseUrl' | 'auth0Domain' | 'linkingClient' | 'loginDomains'>,
  messages: Messages,
  { domain }: LinkTransaction,
) {
  const url = new URL('/v2/logout', proofDomain(services, domain).issuer)
  url.searchParams.set('client_id', services.linkingClient.id)
  url.searchParams.set('returnTo', appUrl(services.appBaseUrl, '/link/prompt'))
  return { label: messages.buttons.signOut, href: url.href }
}
