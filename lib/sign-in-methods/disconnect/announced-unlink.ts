/**
 * The announcement of an unlink: a record that is written to the account before an identity is taken out. With it, a later
 * view of the page can finish an unlink that was interrupted. The announcement is removed if the unlink fails.
 * @module
 */
import 'server-only'
import { marksKeyOf, parseMarks, toStoredSnapshot } from '../../../core'
import { canWriteMetadata } from '../../auth0/authority'
import type { ManagementApi } from '../../auth0/management-api'
import { ManagementApiError } from '../../auth0/management-api-error'
import type { Services } from '../../link-flow/services'
import { type Change, marksOfEnd, type UnlinkRecord } from '../repair/link-end'
import type { SignInServices } from '../services'
import type { DisconnectPlan } from './disconnect-plan'

/** An unlink as its announcement records it: when it happens, and which sessions end with it. */
export type UnlinkDetails = Omit<UnlinkRecord, 'event' | 'change'> & { before: number; change: Change }

/**
 * Records that the identity is about to be taken out. If the unlink is interrupted, restoring the account and ending
 * sessions can continue later, and the person is not asked to link the two again in the meantime.
 *
 * @param announced - What to record: the latest moment at which the unlink can be done, and which sessions end with it.
 * @param isRemovalWanted - Whether the unlinked account will be deleted.
 * @throws {ManagementApiError}
 */
export async function announce(
  services: Pick<SignInServices, 'linkProof'>,
  api: ManagementApi,
  { account, identity, stored, isUndo }: DisconnectPlan,
  announced: UnlinkDetails,
  isRemovalWanted: boolean,
): Promise<void> {
  const returning = { at: announced.at, undo: isUndo, ...(isRemovalWanted && { remove: true }) }
  await api.patchUser(account.user_id, {
    app_metadata: {
      ...(stored && { [stored.key]: toStoredSnapshot({ ...stored.snapshot, returning }) }),
      [marksKeyOf(account)]: await marksOfEnd(services, account, identity.user_id, announced),
    },
  })
}

/**
 * Removes the announcement of an unlink that failed, so that sessions and sign-ins stay valid. An announcement that another
 * unlink wrote in the meantime stays. If an API call fails, the announcement stays, too, and nothing is thrown.
 *
 * @param announced - What {@link announce} recorded.
 */
export async function withdrawAnnouncement(
  services: Pick<Services, 'linkingAuthority'>,
  api: ManagementApi,
  { account, stored }: DisconnectPlan,
  announced: UnlinkDetails,
): Promise<void> {
  if (!canWriteMetadata(services)) return
  const { changed, ending } = parseMarks(account)
  try {
    const marks = parseMarks(await api.getUser(account.user_id))
    if (marks.changed?.at !== announced.at || marks.changed.before !== announced.before) return
    await api.patchUser(account.user_id, {
      app_metadata: {
        ...(stored && { [stored.key]: toStoredSnapshot(stored.snapshot) }),
        [marksKeyOf(account)]: { ...marks, changed, ending },
      },
    })
  } catch (error) {
    // The announcement stays, so older sessions end although nothing changed.
    if (!(error instanceof ManagementApiError)) throw error
  }
}
