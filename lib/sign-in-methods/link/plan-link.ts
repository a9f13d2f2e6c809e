/**
 * The plan for linking two accounts: which one is the primary account, what happens to the rights of the secondary one, and
 * what is written. The caller decides who may link, and by which rules.
 * @module
 */
import 'server-only'
import {
  decideRights,
  isReturning,
  type KeptRights,
  type PreparedLink,
  prepareLink,
  RIGHTS_KINDS,
  type RightsCalls,
  readRightsForLink,
  readRightsOf,
  rightsLossRefusal,
} from '../../../core'
import type { Account } from '../../auth0/account'
import type { Services } from '../../link-flow/services'
import { SettingsRefusedError } from '../account-refusal'
import { nowSeconds } from '../seconds'
import type { SignInServices } from '../services'
import { readSnapshots, snapshotOf } from '../snapshots'

/** The plan for linking two accounts. */
export interface LinkPlan {
  current: Account
  other: Account
  /** The account of `current` and `other` that stays. */
  primary: Account
  secondary: Account
  stays: 'current' | 'candidate'
  /** When the plan was made, in seconds since the epoch. */
  at: number
  /** What happens to the rights (roles, permissions, memberships, factors) of the secondary account. */
  rights: KeptRights
  /** The metadata to carry over, keep and write. Undefined with `LINKING_AUTHORITY=user`: its token may not write any. */
  prepared: PreparedLink | undefined
}

/**
 * Reads the rights of both accounts, and plans how to link them.
 *
 * @param decide - Decides which account stays; throws {@link SettingsRefusedError} if the accounts must not be linked.
 *   Called twice: before the rights are read, and again with them.
 * @param mine - The current account, freshly read from the tenant.
 * @param theirs - The other account, freshly read from the tenant.
 * @throws {SettingsRefusedError} With the reason why they cannot be linked.
 * @throws {ManagementApiError}
 */
export async function planLink(
  services: Pick<SignInServices, 'adopt' | 'linkProof' | 'linkingAuthority' | 'policy'>,
  calls: RightsCalls,
  decide: (current: Account, other: Account) => LinkPlan['stays'],
  mine: Account,
  theirs: Account,
): Promise<LinkPlan> {
  // Decide before reading the rights: a refused link then needs no API calls.
  const before = decide(mine, theirs)
  const ends = [before === 'current' ? theirs.user_id : mine.user_id]
  const [current, other] = (await readRightsOf(calls, [mine, theirs], RIGHTS_KINDS, ends)) as [
    Account,
    Account,
  ]
  const stays = decide(current, other)
  const [staying, ending] = stays === 'current' ? [current, other] : [other, current]
  await assertNothingUnderWay(staying, ending)
  const { primary, secondary, rights } = await planRightsFor(services, calls, staying, ending)
  const at = nowSeconds()
  const prepared = await preparedFor(services, primary, secondary, rights, at)
  return { current, other, primary, secondary, stays, at, rights, prepared }
}

/** Reads the remaining rights that a link needs, and works out what happens to them. */
async function planRightsFor(
  { policy }: Pick<Services, 'policy'>,
  calls: RightsCalls,
  primary: Account,
  secondary: Account,
): Promise<{ primary: Account; secondary: Account; rights: KeptRights }> {
  const read = await readRightsForLink(calls, primary, secondary)
  const loss = rightsLossRefusal(read.primary, read.secondary, policy)
  if (loss) throw new SettingsRefusedError(loss)
  const { plan, reason } = await decideRights(calls, read.primary, read.secondary, policy)
  if (reason) throw new SettingsRefusedError(reason)
  return { primary: read.primary, secondary: read.secondary, rights: plan }
}

/** Refuses with `busy` while a snapshot is being restored: the link would overwrite it, or remove its account. */
async function assertNothingUnderWay(primary: Account, secondary: Account): Promise<void> {
  const of = await snapshotOf(primary, secondary.user_id)
  const snapshots = [...(of ? [of] : []), ...(await readSnapshots(secondary))]
  if (snapshots.some(({ snapshot }) => isReturning(snapshot, nowSeconds())))
    throw new SettingsRefusedError('busy')
}

/** The metadata to carry over, keep and write. Undefined with `LINKING_AUTHORITY=user`. */
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
  if (!prepared) throw new SettingsRefusedError('metadata_too_large')
  return prepared
}
