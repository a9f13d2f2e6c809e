/**
 * What linking two accounts would do: which of them stays, what becomes of the rights of the other one, and what is written. Who asks
 * for the link, and by which rules, is up to the caller.
 * @module
 */
import 'server-only'
import {
  decideRights,
  isReturning,
  type KeptRights,
  lossOf,
  type PreparedLink,
  prepareLink,
  RIGHTS_KINDS,
  type RightsCalls,
  withRights,
  withRightsForLink,
} from '../../core'
import type { Account } from '../auth0/account'
import type { Services } from '../link-flow/services'
import { Refused } from './account-refusal'
import { nowSeconds } from './seconds'
import type { SignInServices } from './services'
import { readSnapshots, snapshotOf } from './snapshots'

/** Two accounts as they are now, and what linking them would do. */
export interface LinkPlan {
  current: Account
  other: Account
  /** The account that stays, and the one that ends. */
  primary: Account
  secondary: Account
  stays: 'current' | 'candidate'
  /** When the plan was made, in seconds since the epoch. */
  at: number
  /** What becomes of the rights of the account that ends. */
  rights: KeptRights
  /** What is carried over, kept and written; undefined if the person's own token links, which writes nothing. */
  prepared: PreparedLink | undefined
}

/**
 * Reads what both accounts hold beside their profiles, and works out what linking them would do.
 *
 * @param decide - Which of the two stays. Throws {@link Refused} if something stands against the link. Asked twice: before their
 *   rights are read, and with them.
 * @param mine - As just read, like `theirs`.
 * @throws {Refused} With the reason why they cannot be linked.
 * @throws {ManagementApiError}
 */
export async function planLink(
  services: Pick<SignInServices, 'adopt' | 'linkProof' | 'linkingAuthority' | 'policy'>,
  calls: RightsCalls,
  decide: (current: Account, other: Account) => LinkPlan['stays'],
  mine: Account,
  theirs: Account,
): Promise<LinkPlan> {
  // Costs no call if something else stands against it.
  const before = decide(mine, theirs)
  const ends = [before === 'current' ? theirs.user_id : mine.user_id]
  const [current, other] = (await withRights(calls, [mine, theirs], RIGHTS_KINDS, ends)) as [Account, Account]
  const stays = decide(current, other)
  const [staying, ending] = stays === 'current' ? [current, other] : [other, current]
  await assertNothingUnderWay(staying, ending)
  const { primary, secondary, rights } = await planRightsFor(services, calls, staying, ending)
  const at = nowSeconds()
  const prepared = await preparedFor(services, primary, secondary, rights, at)
  return { current, other, primary, secondary, stays, at, rights, prepared }
}

/** Reads the rest of what both hold, and works out what becomes of it. */
async function planRightsFor(
  { policy }: Pick<Services, 'policy'>,
  calls: RightsCalls,
  staying: Account,
  ending: Account,
): Promise<{ primary: Account; secondary: Account; rights: KeptRights }> {
  const read = await withRightsForLink(calls, RIGHTS_KINDS, staying, ending)
  const loss = lossOf(read.staying, read.ending, policy)
  if (loss) throw new Refused(loss)
  const { plan, reason } = await decideRights(calls, read.staying, read.ending, policy)
  if (reason) throw new Refused(reason)
  return { primary: read.staying, secondary: read.ending, rights: plan }
}

/** A snapshot that is being restored would be overwritten, or end with its account. */
async function assertNothingUnderWay(staying: Account, ending: Account): Promise<void> {
  const of = await snapshotOf(staying, ending.user_id)
  const snapshots = [...(of ? [of] : []), ...(await readSnapshots(ending))]
  if (snapshots.some(({ snapshot }) => isReturning(snapshot, nowSeconds()))) throw new Refused('busy')
}

/** What is written to the account that stays; undefined if the person's own token links, which writes nothing. */
async function preparedFor(
  services: Pick<SignInServices, 'adopt' | 'linkProof' | 'linkingAuthority' | 'policy'>,
  primary: Account,
  secondary: Account,
  rights: KeptRights,
  at: number,
): Promise<PreparedLink | undefined> {
  const { policy, linkingAuthority } = services
  if (linkingAuthority === 'user') return undefined
  const { adopt, linkProof } = services
  const prepared = await prepareLink(primary, secondary, policy, at, linkProof, rights, adopt !== undefined)
  if (!prepared) throw new Refused('metadata_too_large')
  return prepared
}
