import 'server-only'
import { openLinkTransaction } from '@/lib/link-flow/link-transaction'
import type { ValidSessionToken } from '@/lib/link-flow/tokens/verify-session-token'
import type { FlowCandidate } from '@/lib/link-flow/transaction-shape'
import { chooseContinueDomain } from './continue-url'
import type { Services } from './services'

/** Longest texts that a flow keeps from a session token, in characters. They never decide whether accounts are linked. */
const MAX_EMAIL_LENGTH = 254
const MAX_NAME_LENGTH = 60
const MAX_LOCALES_LENGTH = 35
/** Longest id of an organization, in characters. */
const MAX_ORGANIZATION_LENGTH = 64

/**
 * Opens the flow for a session token.
 *
 * @param offered - The candidates that may be offered, at least one.
 * @returns What {@link openLinkTransaction} returns: undefined if the `state` is so long that a cookie cannot hold the flow.
 */
export function openFlow(
  services: Services,
  request: Request,
  state: string,
  { claims, genuine }: ValidSessionToken,
  offered: FlowCandidate[],
) {
  return openLinkTransaction(services, request, {
    state,
    sub: claims.sub,
    connection: claims.current.connection,
    ...(claims.current.isOtherConnection && { isOtherConnection: true }),
    transactionId: claims.transactionId,
    replayKey: genuine.replayKey,
    key: genuine.key,
    domain: chooseContinueDomain(services, genuine),
    email: hintEmail(claims.email),
    clientId: claims.clientId?.slice(0, MAX_NAME_LENGTH),
    clientName: claims.clientName?.slice(0, MAX_NAME_LENGTH),
    uiLocales: claims.uiLocales?.slice(0, MAX_LOCALES_LENGTH),
    organization: claims.organization?.slice(0, MAX_ORGANIZATION_LENGTH),
    isDocumented: claims.contract === 'documented' || undefined,
    previous: claims.previous,
    candidates: offered,
  })
}

// The text is sent as `login_hint`, so anything but an email address is dropped.
function hintEmail(email: string | undefined): string | undefined {
  return email && email.length <= MAX_EMAIL_LENGTH && /^[^\s\p{C}@]+@[^\s\p{C}@]+$/u.test(email)
    ? email
    : undefined
}
