/**
 * What an account records in its `app_metadata` when a link ends: a decline in its marks (our linking state), so that the
 * person is not asked to link the two again, and an entry in its journal (the history of ended links).
 * @module
 */
import 'server-only'
import {
  addDeclines,
  addToJournal,
  type Ending,
  hash12,
  JOURNAL_KEY,
  type JournalEntry,
  type Marks,
  type Metadata,
  marksKeyOf,
  NEVER,
  ownMetadataKey,
} from '../../../core'
import { providerOf } from '../../../core/identity'
import type { Account } from '../../auth0/account'
import type { AccountApi } from '../../auth0/account-api'
import type { AccountServices } from '../account-services'
import type { StoredSnapshot } from '../snapshots'

/** The end of a link, as the account records it. */
export interface UnlinkRecord {
  event: 'unlinked' | 'restored'
  /** When the link ended, in seconds since the epoch, by our clock. */
  at: number
  /** Sign-ins before this are no longer valid. Seconds since the epoch, by the tenant's clock. */
  before?: number | undefined
  /** Who unlinked, and which sessions must end. Undefined if the unlink happened earlier, or if others made it. */
  change?: Change | undefined
  /** Whether someone else ended the link, so that the person declined nothing and may be asked again. */
  isByOthers?: boolean
}

/** An unlink as it is recorded in the account's marks. */
export interface Change {
  /** Hash of the session in which it was made. */
  by: string | undefined
  /** The sessions and refresh tokens that must end after it. */
  ending: Ending | undefined
}

/** Records the end of a link, and deletes its snapshot without restoring anything. Parameters as in {@link noteEnd}. */
export async function noteOnly(
  services: Pick<AccountServices, 'linkProof'>,
  api: AccountApi,
  primary: Account,
  userId: string,
  stored: StoredSnapshot | undefined,
  end: UnlinkRecord,
): Promise<void> {
  const endMetadata = await noteEnd(services, primary, userId, stored, end)
  await api.patchUser(primary.user_id, {
    app_metadata: { ...(stored && { [stored.key]: null }), ...endMetadata },
  })
}

/**
 * The `app_metadata` with the marks and the journal of an account after an identity was taken out.
 *
 * @param primary - The account that the identity was part of, freshly read from the tenant.
 * @param userId - User id of the identity.
 * @param stored - The link's snapshot; undefined if the link was made by other means.
 * @param end - What to record.
 */
export async function noteEnd(
  services: Pick<AccountServices, 'linkProof'>,
  primary: Account,
  userId: string,
  stored: StoredSnapshot | undefined,
  end: UnlinkRecord,
): Promise<Metadata> {
  return {
    ...(!end.isByOthers && { [marksKeyOf(primary)]: await marksOfEnd(services, primary, userId, end) }),
    [ownMetadataKey(primary, JOURNAL_KEY)]: addToJournal(
      primary,
      await entriesOf(services, userId, stored, end),
    ),
  }
}

/** The marks of an account after an identity was taken out: with a decline, so that no one asks to link it again. */
export async function marksOfEnd(
  services: Pick<AccountServices, 'linkProof'>,
  primary: Account,
  userId: string,
  { at, before, change }: Pick<UnlinkRecord, 'at' | 'before' | 'change'>,
): Promise<Marks> {
  const { client_name: client } = services.linkProof
  const marks = await addDeclines(primary, [userId], { until: NEVER, at, client })
  if (!change) return { ...marks, looked: undefined }
  const { by, ending } = change
  return {
    ...marks,
    looked: undefined,
    changed: { at, ...(by !== undefined && { by }), ...(before !== undefined && { before }) },
    ending,
  }
}

/** The journal entries for the end of a link, and for the link itself, which so far was recorded only in its snapshot. */
async function entriesOf(
  services: Pick<AccountServices, 'linkProof'>,
  userId: string,
  stored: StoredSnapshot | undefined,
  { event, at, before, change }: UnlinkRecord,
): Promise<JournalEntry[]> {
  const of = { identity: await hash12(userId), provider: providerOf(userId) }
  const { way, client_name } = services.linkProof
  const ended: JournalEntry = {
    ...{ event, at, ...of, way, client: client_name },
    ...(before !== undefined && { before }),
    ...(change?.by !== undefined && { by: change.by }),
  }
  if (!stored) return [ended]
  const { at: linkedAt, proof } = stored.snapshot
  const client = proof.client_name ?? proof.client_id
  return [{ event: 'linked', at: linkedAt, ...of, way: proof.way, client }, ended]
}
