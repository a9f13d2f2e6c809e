/**
 * Adoption: the operator's application moves its own data between the accounts of a link. This module tells the application
 * when a link is undone, and sends messages that were not sent because of an interruption.
 * @module
 */
import 'server-only'
import { type AdoptionStep, commitAdoptions, toAdoptionData, toStoredSnapshot } from '../../../core'
import type { Account } from '../../auth0/account'
import type { AccountApi } from '../../auth0/account-api'
import type { AccountServices } from '../account-services'
import type { StoredSnapshot } from '../snapshots'

type AdoptionServices = Pick<AccountServices, 'adopt' | 'linkProof'>

/**
 * Sends one step of an undo or a disconnect to the application, which cannot stop it. Does nothing if the link's snapshot
 * records no adoption.
 *
 * @param primaryId - The account that the identity is taken out of.
 * @param stored - The link's snapshot.
 * @param at - When the undo was announced, in seconds since the epoch; if others undid the link, when it was made. It is
 *   part of the adoption's id, so each undo has its own.
 */
export async function adoptUndo(
  { adopt, linkProof }: AdoptionServices,
  step: AdoptionStep,
  primaryId: string,
  stored: StoredSnapshot | undefined,
  at: number,
): Promise<void> {
  const { adoption, user_id: secondaryId } = stored?.snapshot ?? {}
  if (!adopt || !adoption || !secondaryId) return
  const data = toAdoptionData(`${adoption.id}-undo-${at}`, primaryId, secondaryId, linkProof)
  await adopt(step, { ...data, undo: true, undoes: adoption.id })
}

/**
 * Sends a `commit` (the link was made) for each link of an account that the application has not confirmed yet.
 *
 * @param account - Freshly read from the tenant, under its lock.
 * @throws {ManagementApiError}
 */
export async function commitOpen(
  { adopt }: AdoptionServices,
  api: Pick<AccountApi, 'patchUser'>,
  account: Account,
): Promise<void> {
  if (!adopt) return
  await commitAdoptions(
    async () => account,
    adopt,
    (id, body) => api.patchUser(id, body),
  )
}

/**
 * Tells the application that a link does not exist. If the application had confirmed the link, the message says that the
 * link was undone; otherwise, that it was not made. Then removes the adoption from the snapshot.
 *
 * @param stored - The link's snapshot. Its identity is not part of the account.
 * @returns The snapshot without the adoption.
 * @throws {ManagementApiError}
 */
export async function abandonOrUndo(
  services: AdoptionServices,
  api: Pick<AccountApi, 'patchUser'>,
  primaryId: string,
  stored: StoredSnapshot,
): Promise<StoredSnapshot> {
  const { key } = stored
  const { adoption, ...rest } = stored.snapshot
  if (!services.adopt || !adoption) return stored
  if (adoption.ended === 'committed') await adoptUndo(services, 'commit', primaryId, stored, rest.at)
  else if (!adoption.ended)
    await services.adopt('abandon', toAdoptionData(adoption.id, primaryId, rest.user_id, rest.proof))
  await api.patchUser(primaryId, { app_metadata: { [key]: toStoredSnapshot(rest) } })
  return { key, snapshot: rest }
}
