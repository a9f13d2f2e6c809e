import 'server-only'
import type { AccountView, TileView } from '@/components/ui/account-tile'
import { dateView } from '@/components/ui/date-view'
import { markOf } from '@/components/ui/provider-mark'
import { connectionNames } from '@/lib/auth0/connection-names'
import { proofDomain } from '@/lib/config/domain-of'
import type { FlowCandidate, LinkTransaction } from '@/lib/link-flow/transaction-shape'
import type { Messages } from '@/lib/messages/en'
import { fieldNames } from '@/lib/messages/field-names'
import { wholeEmail } from '@/lib/messages/mask-email'
import { rightsList } from '@/lib/messages/rights-names'
import { type NamedConnection, needsConnections, type Way, wayList, wayName } from '@/lib/messages/way-name'
import { providerOf } from '../../../core/identity'
import { appUrl } from '../../config/app-url'
import type { Services } from '../services'

/** The connections that name the accounts of a flow: at least their own, and those of the tenant if they are needed. */
export type Known = NamedConnection[]

/**
 * Finds the names of a flow's accounts. Most need only our words for providers. The tenant is asked, once in ten minutes, only if
 * there is no word for one of them, or one word for two.
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

const wayOf = ({ userId, connection }: FlowCandidate): Way => ({ provider: providerOf(userId), connection })

/** The connection of another identity says nothing about this one. */
const currentWay = ({ sub, connection, isOtherConnection }: LinkTransaction): Way => ({
  provider: providerOf(sub),
  connection: isOtherConnection ? undefined : connection,
})

/** The further ways into a candidate, as its token names them: a provider, or `strategy:connection`. */
const alsoOf = ({ also = [] }: FlowCandidate): Way[] =>
  also.map((entry) => {
    const colon = entry.indexOf(':')
    return colon < 0
      ? { provider: entry }
      : { provider: entry.slice(0, colon), connection: entry.slice(colon + 1) }
  })

/** The account that is being signed in to. */
export function currentAccount(messages: Messages, transaction: LinkTransaction, known: Known): AccountView {
  return accountView(messages, transaction, currentWay(transaction), known)
}

/** An account that may be linked. Candidates are found by the current account's address, so they have the same one, which their owner may read. */
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

function accountView(messages: Messages, { email }: LinkTransaction, way: Way, known: Known): AccountView {
  return { ...wayView(messages, way, known), label: email && wholeEmail(email) }
}

/**
 * The name and the mark of a way to sign in.
 *
 * @param known - The tenant's connections, as far as they are known.
 */
export const wayView = (messages: Messages, way: Way, known: Known): AccountView => ({
  provider: wayName(messages, way, known),
  mark: markOf(way.provider, way.connection),
})

/** The account that was proven, with its whole address: the viewer has just signed in to it, and a masked address hides a mix-up. */
export function provenAccount(
  messages: Messages,
  transaction: LinkTransaction,
  candidate: FlowCandidate,
  known: Known,
): AccountView {
  const email = transaction.proof?.email
  return { ...candidateAccount(messages, transaction, candidate, known), label: email && wholeEmail(email) }
}

/** The account that was signed in to instead of the one asked for; its address is masked already. */
export const wrongAccount = (
  messages: Messages,
  { provider, email }: NonNullable<LinkTransaction['wrong']>,
): TileView => ({
  account: { ...wayView(messages, { provider }, []), label: email },
  tag: messages.wrongAccount.signedIn,
})

/**
 * What happens if a candidate is linked, a sentence each, as far as it depends on the candidate.
 *
 * @param isProven - Whether the person has shown that the candidate is theirs: then its details are named, and before only
 *   counted.
 */
export function candidateEffects(
  messages: Messages,
  candidate: FlowCandidate,
  known: Known,
  isProven: boolean,
): string[] {
  const { effects } = messages
  const { stays, more = 0 } = candidate
  const provider = wayName(messages, wayOf(candidate), known)
  const also = wayList(messages, alsoOf(candidate), more, known)
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

/** The link to sign out of the account that the browser is still signed in to at the tenant, and come back. */
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
