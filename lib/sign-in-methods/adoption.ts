/**
 * Telling the application that moves its own data when a link is undone, and when that was interrupted.
 * @module
 */
import 'server-only'
import { type AdoptionStep, commitAdoptions, toAdoptionData, toStoredSnapshot } from '../../core'
import type { Account } from '../auth0/account'
import type { AccountApi } from '../auth0/account-api'
import type { AccountServices } from './account-services'
import type { StoredSnapshot } from './snapshots'

type AdoptionServices = Pick<AccountServices, 'adopt' | 'linkProof'>

/**
 * Tells the application of one step of an undo, or of a disconnect. Nothing that it answers stops the undo. Does nothing if the
 * application was not asked when the link was made.
 *
 * @param primaryId - The account that the identity is taken out of.
 * @param stored - What the link kept.
 * @param at - When the undo was announced, in seconds since the epoch: it tells one undo from another.
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
 * Tells the application of the links of an account that it has not confirmed.
 *
 * @param account - As just read, under its lock.
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
 * Tells the application of a link that is not there any more: that it was not made, or if the application has confirmed it, that it
 * was undone by other means. Then forgets it.
 *
 * @param stored - What the link kept, of an identity that is not in the account.
 * @returns The same without the adoption.
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
