/**
 * Giving an account back what was kept of it, after it stands alone again.
 * @module
 */
import 'server-only'
import type { Account } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import { config } from '../config'
import {
  addDeclines,
  addToJournal,
  type BothKinds,
  type GiveBack,
  hash12,
  JOURNAL_KEY,
  type JournalEntry,
  MARKS_KEY,
  type Metadata,
  NEVER,
  planGiveBack,
} from '../linking'
import { providerOf } from '../session/flow-identities'
import { linkProof } from './link-proof'
import type { StoredSnapshot } from './snapshots'

/** Whether a link can still be undone: what it kept is there, and the time for it is not over. */
export function canUndo({ snapshot }: StoredSnapshot): boolean {
  return snapshot.kept !== undefined && !isOver(snapshot.at)
}

/** Whether the time for undoing a link is over. */
export function isOver(at: number): boolean {
  const { undoPeriod } = config()
  return undoPeriod !== 0 && Date.now() / 1000 >= at + undoPeriod
}

/**
 * What an account would get back, and what the account it was part of would give up.
 *
 * @param stored - What the link kept; undefined where it was made by other means.
 * @param isUndo - Whether the link is undone, within its time.
 */
export function planReturn(
  primary: Account,
  stored: StoredSnapshot | undefined,
  isUndo: boolean,
): Promise<GiveBack> {
  return planGiveBack(primary, stored?.snapshot, config().policy, isUndo)
}

/**
 * Gives back, then takes from the account it was part of, and notes there what happened. Each step can be repeated, and none
 * takes anything before it was given.
 *
 * @param primary - The account it was part of, read after the identity was taken out.
 * @param userId - The account that stands alone again.
 * @param stored - What the link kept.
 * @param event - What is noted; where the link was never made or was ended by other means, nothing.
 * @throws {ManagementApiError} `not_found` where the account is not there; whatever was not done yet can be done later.
 */
export async function giveBack(
  api: ManagementApi,
  primary: Account,
  userId: string,
  stored: StoredSnapshot | undefined,
  event: 'unlinked' | 'restored' | undefined,
): Promise<GiveBack> {
  const plan = await planReturn(primary, stored, event === 'restored')
  const returned = await api.getUser(userId)
  // What it has by now is newer than what was kept.
  const missing = (kind: keyof BothKinds) =>
    Object.fromEntries(Object.entries(plan.give[kind]).filter(([key]) => !Object.hasOwn(returned[kind], key)))
  const give = withoutEmpty({
    user_metadata: missing('user_metadata'),
    app_metadata: missing('app_metadata'),
  })
  if (Object.keys(give).length > 0) await api.patchUser(userId, give)
  await api.patchUser(
    primary.user_id,
    withoutEmpty({
      user_metadata: nulls(plan.take.user_metadata),
      app_metadata: {
        ...nulls(plan.take.app_metadata),
        ...(stored && { [stored.key]: null }),
        ...(event && (await bookkeeping(primary, userId, stored, event))),
      },
    }),
  )
  return plan
}

/** The marks and the journal of an account whose identity was taken out: nobody offers that pair again by themselves. */
export async function bookkeeping(
  primary: Account,
  userId: string,
  stored: StoredSnapshot | undefined,
  event: 'unlinked' | 'restored',
): Promise<Metadata> {
  // Where it was interrupted, it happened when it began; its owner's session was renewed then.
  const at = stored?.snapshot.returning?.at ?? Math.floor(Date.now() / 1000)
  const marks = await addDeclines(primary, [userId], { until: NEVER, at, client: linkProof().client_name })
  return {
    [MARKS_KEY]: { ...marks, looked: undefined },
    [JOURNAL_KEY]: addToJournal(primary, await entriesOf(userId, stored, event, at)),
  }
}

/** The link, which stood in its snapshot so far, and its end. */
async function entriesOf(
  userId: string,
  stored: StoredSnapshot | undefined,
  event: 'unlinked' | 'restored',
  now: number,
): Promise<JournalEntry[]> {
  const of = { identity: await hash12(userId), provider: providerOf(userId) }
  const { way, client_name } = linkProof()
  const ended: JournalEntry = { event, at: now, ...of, way, client: client_name }
  if (!stored) return [ended]
  const { at, proof } = stored.snapshot
  return [{ event: 'linked', at, ...of, way: proof.way, client: proof.client_name ?? proof.client_id }, ended]
}

const nulls = (keys: string[]): Record<string, null> => Object.fromEntries(keys.map((key) => [key, null]))
// An empty object would clear the whole field.
const withoutEmpty = (patch: Partial<BothKinds>): Partial<BothKinds> =>
  Object.fromEntries(Object.entries(patch).filter(([, fields]) => Object.keys(fields).length > 0))
