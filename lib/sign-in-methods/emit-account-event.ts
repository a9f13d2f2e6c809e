/**
 * Emits the events of the page "Sign-in methods": changes and refusals.
 * @module
 */
import 'server-only'
import type { SettingsRefusal } from '../../core/errors'
import type { Account } from '../auth0/account'
import type { AccountEvent } from '../events/account-event'
import type { Session } from '../session/session'
import type { SignInServices } from './services'

/** Emits an event, with the way and the application of this page added. */
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
