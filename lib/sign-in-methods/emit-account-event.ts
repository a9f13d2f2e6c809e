/**
 * Events of the settings page: what was done there, and what was refused.
 * @module
 */
import 'server-only'
import type { SettingsRefusal } from '../../core/errors'
import type { Account } from '../auth0/account'
import type { AccountEvent } from '../events/account-event'
import type { Session } from '../session/session'
import type { SignInServices } from './services'

/** Emits what happened to an account on this page. */
export function emitAccountEvent(
  services: Pick<SignInServices, 'events' | 'linkProof'>,
  event: Pick<
    AccountEvent,
    'type' | 'userId' | 'email' | 'other' | 'heldBack' | 'never' | 'reason' | 'operator' | 'act'
  >,
): void {
  const { way, client_id: clientId, client_name: clientName } = services.linkProof
  services.events.emit({ ...event, way, clientId, clientName })
}

/** Emits that an account which the person signed in to was not connected. */
export function emitLinkRefused(
  services: Pick<SignInServices, 'events' | 'linkProof'>,
  { userId }: Session,
  reason: SettingsRefusal,
  other?: { userId: string; email?: string | undefined },
): void {
  emitAccountEvent(services, { type: 'account.link_refused', userId, reason, ...(other && { other }) })
}

/** An account as an event names it. */
export function toEventAccount({ user_id: userId, email, identities: [own] }: Account) {
  return { userId, email, connection: own?.connection }
}
