/**
 * The announcement of an unlink: what the account records before an identity is taken out, so that a later view of the page can
 * finish an unlink that was interrupted. It is taken back if the unlink is not made.
 * @module
 */
import 'server-only'
import { marksKeyOf, parseMarks, toStoredSnapshot } from '../../core'
import type { ManagementApi } from '../auth0/management-api'
import { ManagementApiError } from '../auth0/management-api-error'
import type { Services } from '../link-flow/services'
import { canWrite, type DisconnectPlan } from './disconnect-plan'
import { type Change, type LinkEnd, marksOfEnd } from './link-end'
import type { SignInServices } from './services'

/** An unlink as the account records it: when, and what ends with it. */
export type Noted = Omit<LinkEnd, 'event' | 'change'> & { before: number; change: Change }

/**
 * Records that the identity is about to be taken out, so that restoring and ending can continue later, and the pair is not offered
 * again in the meantime.
 *
 * @param noted - What the account records: the latest moment at which the unlink can have ended, and what ends with it.
 * @param isRemovalWanted - Whether the account that is left behind will be removed.
 * @throws {ManagementApiError}
 */
export async function announce(
  services: Pick<SignInServices, 'linkProof'>,
  api: ManagementApi,
  { account, identity, stored, isUndo }: DisconnectPlan,
  noted: Noted,
  isRemovalWanted: boolean,
): Promise<void> {
  const returning = { at: noted.at, undo: isUndo, ...(isRemovalWanted && { remove: true }) }
  await api.patchUser(account.user_id, {
    app_metadata: {
      ...(stored && { [stored.key]: toStoredSnapshot({ ...stored.snapshot, returning }) }),
      [marksKeyOf(account)]: await marksOfEnd(services, account, identity.user_id, noted),
    },
  })
}

/**
 * Takes back the announcement of an unlink that was not made, so that no sign-in becomes too old and nothing ends. What another
 * unlink recorded in the meantime stays. Does nothing if the tenant refuses.
 *
 * @param announced - What was recorded for it.
 */
export async function takeBack(
  services: Pick<Services, 'linkingAuthority'>,
  api: ManagementApi,
  { account, stored }: DisconnectPlan,
  announced: Noted,
): Promise<void> {
  if (!canWrite(services)) return
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
    // In that case older sessions end although nothing changed.
    if (!(error instanceof ManagementApiError)) throw error
  }
}
