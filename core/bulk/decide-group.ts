/**
 * What becomes of several accounts that have one address: which one stays, and what keeps each other one from being linked to it.
 * @module
 */
import type { LinkRefusal } from '../errors'
import type { LinkingUser } from '../identity'
import { lapseOf, parseMarks } from '../records/marks'
import { NEVER } from '../records/marks-shape'
import type { BothKinds, LinkProof } from '../records/snapshot'
import type { LinkPolicy } from '../rules/policy-options'
import { decidingKinds } from '../rules/rights'
import { decidePair } from './decide-pair'

/** More accounts with one address than this are not decided about: such an address is hardly that of one person. */
export const MAX_DECIDED_ACCOUNTS = 30

/** What can be said of a pair. `linkable_before_rights`: only what the two hold can still keep them apart. */
export type PairOutcome =
  | 'linkable'
  | 'linkable_before_rights'
  | 'declined'
  | 'too_many_accounts'
  | LinkRefusal

/** What was decided about an account that does not stay. */
export interface PairDecision {
  /** Its user id. */
  secondary: string
  outcome: PairOutcome
  /** What the account that stays takes over; undefined if the two are not linked. */
  carried?: BothKinds
}

/** What was decided about accounts of one address. */
export interface GroupDecision {
  /** User id of the account that the others become part of; null if none of them can be linked. */
  stays: string | null
  /** Every other account, by user id. If none stays, every account but the oldest. */
  pairs: PairDecision[]
}

/** By what a group is decided. */
export interface GroupTerms {
  policy: LinkPolicy
  /** Seconds since the epoch. */
  now: number
  /** As it will stand in the snapshot, whose size counts. */
  proof: LinkProof
}

/** What two accounts are for each other. `stays` is a user id. */
type Verdict =
  | { stays: string; carried: BothKinds; reason?: undefined }
  | { stays?: undefined; reason: PairOutcome }

/** The verdicts on every pair of some accounts. */
type Verdicts = (one: LinkingUser, other: LinkingUser) => Verdict

/**
 * Decides about all accounts of one address by the rules of a login. The order of the accounts makes no difference. All pairs that
 * may be linked have the same account that stays: the one that most others can become part of.
 *
 * @param accounts - At least one, each with a user id of its own; with what they hold as far as it was read.
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
  const ending = (user: LinkingUser) =>
    accounts.filter((other) => other !== user && verdicts(user, other).stays === user.user_id)
  const most = Math.max(...accounts.map((user) => ending(user).length))
  const leading = oldestFirst.filter((user) => ending(user).length === most)
  // Of two that most could become part of, one may itself become part of the other.
  const isEnding = (user: LinkingUser) => leading.some((other) => ending(other).includes(user))
  const staying = leading.find((user) => !isEnding(user)) ?? leading[0] ?? oldest
  return pairsWith(staying, oldestFirst, verdicts)
}

function pairsWith(staying: LinkingUser, accounts: LinkingUser[], verdicts: Verdicts): GroupDecision {
  const pairs = accounts
    .filter((user) => user !== staying)
    .map((user): PairDecision => {
      const { stays, reason, ...rest } = verdicts(staying, user)
      if (stays === undefined) return { secondary: user.user_id, outcome: reason }
      // It would be the other one that stays.
      if (stays !== staying.user_id) return { secondary: user.user_id, outcome: 'decision_changed' }
      return { secondary: user.user_id, outcome: 'linkable', ...rest }
    })
    .sort((one, other) => (one.secondary < other.secondary ? -1 : 1))
  const isAny = pairs.some(({ outcome }) => outcome === 'linkable')
  return { stays: isAny ? staying.user_id : null, pairs }
}

/** Decides every pair once: both sides of a pair reach the same answer. */
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
  const isAsked = [one, other].some((user) => parseMarks(user).declined)
  if (isAsked && (await lapseOf(one, other)) > now) return { reason: 'declined' }
  return { stays: (stays === 'current' ? one : other).user_id, carried }
}

/** An account of unknown age is the youngest. */
const ageOf = ({ created_at }: LinkingUser): number => Date.parse(created_at ?? '') || NEVER

/**
 * The outcome to name for a pair whose rights were not read: what the two hold may still keep them apart, unless the operator lets
 * all of it be lost.
 */
export const beforeRights = (outcome: PairOutcome, policy: LinkPolicy): PairOutcome =>
  outcome === 'linkable' && decidingKinds(policy).length > 0 ? 'linkable_before_rights' : outcome
