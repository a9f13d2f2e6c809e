import 'server-only'
import type { AccountView } from '@/components/linking/account-name'
import { config } from '@/lib/config'
import { proofDomain } from '@/lib/config/domain-of'
import { appUrl } from '@/lib/http/redirects'
import { normalizeEmail } from '@/lib/linking/identity'
import { providerName } from '@/lib/messages'
import type { Messages } from '@/lib/messages/en'
import { maskEmail, wholeEmail } from '@/lib/messages/mask-email'
import { providerOf } from '@/lib/session/flow-identities'
import type { FlowCandidate, LinkTransaction } from '@/lib/session/transaction-shape'

/** The account that is being signed in to. */
export function currentAccount(messages: Messages, transaction: LinkTransaction): AccountView {
  return accountView(messages, transaction, { userId: transaction.sub, connection: transaction.connection })
}

/** An account that may be linked. Candidates are found by the address of the current account, so it is theirs, too. */
export function candidateAccount(
  messages: Messages,
  transaction: LinkTransaction,
  candidate: FlowCandidate,
): AccountView {
  return accountView(messages, transaction, candidate)
}

function accountView(
  messages: Messages,
  { email }: LinkTransaction,
  { userId, connection }: { userId: string; connection: string },
): AccountView {
  return {
    provider: providerName(messages, { provider: providerOf(userId), connection }),
    email: email && maskEmail(email),
    as: messages.as,
  }
}

/** The account that was proven, whole: who looks at it has just signed in to it, and an address that is masked hides a mix-up. */
export function provenAccount(
  messages: Messages,
  transaction: LinkTransaction,
  candidate: FlowCandidate,
): AccountView {
  const email = transaction.proof?.email
  return { ...accountView(messages, transaction, candidate), email: email && wholeEmail(email) }
}

/** The account that is being signed in to, whole if it has the address that was just proven. */
export function currentBesideProven(messages: Messages, transaction: LinkTransaction): AccountView {
  const { email, proof } = transaction
  const isProven = email !== undefined && normalizeEmail(email) === normalizeEmail(proof?.email)
  const account = currentAccount(messages, transaction)
  return isProven ? { ...account, email: wholeEmail(email) } : account
}

/** The account that was signed in to instead of the one asked for; its address is masked already. */
export function wrongAccount(messages: Messages, wrong: NonNullable<LinkTransaction['wrong']>): AccountView {
  return { provider: providerName(messages, wrong), email: wrong.email, as: messages.as }
}

/** What happens if a candidate is linked, a sentence each, as far as it depends on the candidate. */
export function candidateEffects(messages: Messages, candidate: FlowCandidate): string[] {
  const { effects } = messages
  const provider = providerName(messages, {
    provider: providerOf(candidate.userId),
    connection: candidate.connection,
  })
  const also = (candidate.also ?? []).map((name) => providerName(messages, { provider: name }))
  return [
    candidate.stays === 'current' ? effects.currentStays : effects.candidateStays(provider),
    ...(candidate.carried === undefined ? [] : [effects.carried(candidate.carried)]),
    ...(also.length > 0 ? [effects.also(also.join(', '))] : []),
  ]
}

/** Which account the browser is left signed in to at the tenant, and where to sign out of it and come back. */
export function tenantSignOut(
  messages: Messages,
  { domain }: LinkTransaction,
  wrong: NonNullable<LinkTransaction['wrong']>,
) {
  const url = new URL('/v2/logout', proofDomain(domain).issuer)
  url.searchParams.set('client_id', config().linkingClient.id)
  url.searchParams.set('returnTo', appUrl('/link/prompt'))
  return {
    lead: messages.wrongAccount.signedInThere,
    account: wrongAccount(messages, wrong),
    label: messages.buttons.signOut,
    href: url.href,
  }
}
