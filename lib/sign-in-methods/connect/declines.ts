/**
 * Declines a suggested account, and revokes such a decline.
 * @module
 */
import 'server-only'
import { addDeclines, type Marks, marksKeyOf, NEVER, pairKey, parseMarks } from '../../../core'
import type { Account } from '../../auth0/account'
import type { ManagementApi } from '../../auth0/management-api'
import type { Session } from '../../session/session'
import { SettingsRefusedError } from '../account-refusal'
import { emitAccountEvent } from '../emit-account-event'
import { nowSeconds } from '../seconds'
import type { SignInServices } from '../services'
import { managementApiFor, readOwnAccount } from '../session-account'
import { withAccountLock } from '../with-account-lock'
import { findSuggestions, type Suggestion } from './suggestions'

/**
 * Records that the person does not want to be asked about a suggested account again.
 *
 * @param handle - Id of the suggestion: a hash of the suggested account's user id.
 * @throws {SettingsRefusedError} `not_available` if there is no such suggestion, or if it cannot be connected; `busy`;
 *   otherwise as {@link readOwnAccount}.
 * @throws {ManagementApiError}
 * @throws {LinkingError} `store_unavailable`, `rate_limited`
 */
export async function declineSuggestion(
  services: SignInServices,
  session: Session,
  handle: string,
): Promise<void> {
  const { account, suggestion } = await change(services, session, handle, (own, { userId }) =>
    addDeclines(own, [userId], {
      until: NEVER,
      at: nowSeconds(),
      client: services.linkProof.client_name,
    }),
  )
  const { userId, connection } = suggestion
  emitAccountEvent(services, {
    type: 'account.link_declined',
    userId: account.user_id,
    email: account.email,
    other: { userId, connection },
    never: true,
  })
}

/** Revokes the decline of a suggested account: the person may be asked again. Throws as {@link declineSuggestion}. */
export async function takeBackDecline(
  services: SignInServices,
  session: Session,
  handle: string,
): Promise<void> {
  await change(services, session, handle, async (own, { userId }) => {
    const marks = parseMarks(own)
    const pair = await pairKey(own.user_id, userId)
    const { [pair]: _taken, ...declined } = marks.declined ?? {}
    return { ...marks, declined, looked: undefined }
  })
}

/** Finds the suggestion, and replaces the marks (our linking state) of the person's own account, under its lock. */
async function change(
  services: SignInServices,
  session: Session,
  handle: string,
  marksOf: (account: Account, suggestion: Suggestion) => Promise<Marks>,
): Promise<{ account: Account; suggestion: Suggestion }> {
  const api = managementApiFor(services, session, 'change')
  return withAccountLock(services, [session.userId], async () => {
    const account = await readOwnAccount(api, session)
    const suggestion = await requireSuggestion(services, api, account, handle)
    await api.patchUser(account.user_id, {
      app_metadata: { [marksKeyOf(account)]: await marksOf(account, suggestion) },
    })
    return { account, suggestion }
  })
}

async function requireSuggestion(
  services: SignInServices,
  api: ManagementApi,
  account: Account,
  handle: string,
): Promise<Suggestion> {
  const found = (await findSuggestions(services, api, account)).find(
    (suggestion) => suggestion.handle === handle,
  )
  if (!found || found.refused) throw new SettingsRefusedError('not_available')
  return found
}
