/**
 * Decides about several accounts that share one email address: which one stays (the primary account), and why each of the others
 * may not be linked to it.
 * @module
 */
import type { LinkRefusal } from '../errors'
import type { LinkingUser } from '../identity'
import { declineExpiry, parseMarks } from '../records/marks'
import { NEVER } from '../records/marks-shape'
import type { BothKinds, LinkProof } from '../records/snapshot'
import type { LinkPolicy } from '../rules/policy-options'
import { decidingKinds } from '../rules/rights'
import { decidePair } from './decide-pair'

/** Larger groups are not decided: an email address with more accounts than this hardly belongs to one person. */
export const MAX_DECIDED_ACCOUNTS = 30

/**
 * The outcome for a pair of accounts. `linkable_before_rights`: the link is allowed by everything but the rights (roles,
 * permissions, memberships, factors), which were not read.
 */
export type PairOutcome =
  | 'linkable'
  | 'linkable_before_rights'
  | 'declined'
  | 'too_many_accounts'
  | LinkRefusal

/** The decision about an account that does not stay. */
export interface PairDecision {
  /** The account's user id. */
  secondary: string
  outcome: PairOutcome
  /** Metadata that the primary account takes over; undefined if the two are not linked. */
  carried?: BothKinds
}

/** The decision about all accounts that share one email address. */
export interface GroupDecision {
  /** User id of the primary account, which the others become part of; null if no pair can be linked. */
  stays: string | null
  /** Every other account, sorted by user id. If `stays` is null, every account but the oldest. */
  pairs: PairDecision[]
}

/** What a decision depends on besides the accounts. */
export interface GroupTerms {
  policy: LinkPolicy
  /** Seconds since the epoch. */
  now: number
  /** The proof for the snapshot (what a link keeps of the secondary account). Its size counts: snapshots have a limit. */
  proof: LinkProof
}

/** The decision about two accounts. `stays` is the user id of the one that would be primary. */
type Verdict =
  | { stays: string; carried: BothKinds; reason?: undefined }
  | { stays?: undefined; reason: PairOutcome }

/** Looks up the verdict on two of the accounts. */
type Verdicts = (one: LinkingUser, other: LinkingUser) => Verdict

/**
 * Decides about all accounts that share one email address, by the rules of a login. The order of `accounts` makes no difference.
 * All pairs that may be linked have the same primary account: the one that the most others can become part of.
 *
 * @param accounts - At least one. Their user ids differ. Each has its `rights` if these were read.
 * @param terms - The operator's rules, the time and the proof.
 */
export async function decideGroup(
  accounts: readonly LinkingUser[],
  terms: GroupTerms,
): Promise<GroupDecision> {
  const oldestFirst = [...accounts].sort(
    (one, other) => ageOf(one) - ageOf(other) || (one.user_id < other.user_id ? -1 : 1),
  )
  const [oldest] = oldestFirst
  if (!oldest) return { stays: null, pairs: [] }
  if (accounts.length > MAX_DECIDED_ACCOUNTS)
    return pairsWith(oldest, oldestFirst, () => ({ reason: 'too_many_accounts' }))
  const verdicts = await verdictsOf(oldestFirst, terms)
  const secondary = (user: LinkingUser) =>
    accounts.filter((other) => other !== user && verdicts(user, other).stays === user.user_id)
  const most = Math.max(...accounts.map((user) => secondary(user).length))
  const leading = oldestFirst.filter((user) => secondary(user).length === most)
  // If several accounts could take in equally many others, choose one that could not become part of another one.
  const isEnding = (user: LinkingUser) => leading.some((other) => secondary(other).includes(user))
  const primary = leading.find((user) => !isEnding(user)) ?? leading[0] ?? oldest
  return pairsWith(primary, oldestFirst, verdicts)
}

function pairsWith(primary: LinkingUser, accounts: LinkingUser[], verdicts: Verdicts): GroupDecision {
  const pairs = accounts
    .filter((user) => user !== primary)
    .map((user): PairDecision => {
      const { stays, reason, ...rest } = verdicts(primary, user)
      if (stays === undefined) return { secondary: user.user_id, outcome: reason }
      // For this pair, the rules would make the other account the primary one.
      if (stays !== primary.user_id) return { secondary: user.user_id, outcome: 'decision_changed' }
      return { secondary: user.user_id, outcome: 'linkable', ...rest }
    })
    .sort((one, other) => (one.secondary < other.secondary ? -1 : 1))
  const isAny = pairs.some(({ outcome }) => outcome === 'linkable')
  return { stays: isAny ? primary.user_id : null, pairs }
}

/** Decides every pair once, because the verdict does not depend on the order of the two. */
async function verdictsOf(accounts: LinkingUser[], terms: GroupTerms): Promise<Verdicts> {
  const known = new Map(accounts.map((user) => [user, new Map<LinkingUser, Verdict>()]))
  for (const [index, one] of accounts.entries())
    for (const other of accounts.slice(index + 1)) {
      const verdict = await verdictOf(one, other, terms)
      known.get(one)?.set(other, verdict)
      known.get(other)?.set(one, verdict)
    }
  return (one, other) => known.get(one)?.get(other) ?? { reason: 'same_account' }
}

async function verdictOf(
  one: LinkingUser,
  other: LinkingUser,
  { policy, now, proof }: GroupTerms,
): Promise<Verdict> {
  const { stays, carried, reason } = await decidePair(one, other, policy, now, proof)
  if (!stays) return { reason }
  const hasDeclined = [one, other].some((user) => parseMarks(user).declined)
  if (hasDeclined && (await declineExpiry(one, other)) > now) return { reason: 'declined' }
  return { stays: (stays === 'current' ? one : other).user_id, carried }
}

/** For sorting by age. An account of unknown age counts as the youngest. */
const ageOf = ({ created_at }: LinkingUser): number => Date.parse(created_at ?? '') || NEVER

/**
 * The outcome to report for a pair whose rights were not read: the rights may still rule out the link, unless the operator lets
 * rights of every kind be lost.
 */
export const beforeRights = (outcome: PairOutcome, policy: LinkPolicy): PairOutcome =>
  outcome === 'linkable' && decidingKinds(policy).length > 0 ? 'linkable_before_rights' : outcome
