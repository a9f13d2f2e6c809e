/**
 * Emits events about changes to accounts and about refused links, for the page "Sign-in methods" and for operators.
 * @module
 */
import 'server-only'
import type { SettingsRefusal } from '../../core/errors'
import type { Account } from '../auth0/account'
import type { AccountEvent } from '../events/account-event'
import type { Session } from '../session/session'
import type { SignInServices } from './services'

/** Emits an event. Adds from `services.linkProof` how ownership was proven (`way`) and the application. */
export function emitAccountEvent(
  services: Pick<SignInServices, 'events' | 'linkProof'>,
  event: Omit<AccountEvent, 'way' | 'clientId' | 'clientName' | 'language'>,
): void {
  const { way, client_id: clientId, client_name: clientName } = services.linkProof
  services.events.emit({ ...event, way, clientId, clientName })
}

/** Emits that connecting an account was refused. */
export function emitLinkRefused(
  services: Pick<SignInServices, 'events' | 'linkProof'>,
  { userId }: Session,
  reason: SettingsRefusal,
  other?: { userId: string; email?: string | undefined },
): void {
  emitAccountEvent(services, { type: 'account.link_refused', userId, reason, ...(other && { other }) })
}

/** The data of an account that events contain. */
export function toEventAccount({ user_id: userId, email, identities: [own] }: Account) {
  return { userId, email, connection: own?.connection }
}
