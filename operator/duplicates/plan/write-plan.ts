/**
 * Writes the files of a plan, from the groups that `scan` found.
 * @module
 */
import { rmSync } from 'node:fs'
import { accountState, type LinkingUser, type LinkPolicy } from '../../../core'
import { writePrivate } from '../../shared/env-file'
import type { Folder } from '../folder'
import type { StoredGroup } from '../groups/found-groups'
import {
  type Decided,
  decideAccounts,
  isLinkable,
  type ReadAccounts,
  readAccounts,
  sizeOf,
  storedGroups,
} from '../groups/read-groups'
import { LineWriter } from '../lines'
import type { PlanHead, PlannedPair } from './plan-file'
import { PlanHasher, policyHash } from './plan-id'
import { isAboutAccount, isAboutAddress, namesPair, type PlanRule } from './plan-rule'

/** How many pairs the operator sees as a sample before approving. */
const SAMPLE = 10
const NONE = { user_metadata: [], app_metadata: [] }
/** The outcome of a pair for which the linking rules make the other account primary than the operator's rule does. */
const REVERSED = 'other_account_stays'

/** What a plan is made from. */
export interface PlanTerms {
  rule: PlanRule
  policy: LinkPolicy
  /** Host of the tenant's Management API. */
  tenant: string
  now: Date
  /** Adds the `rights` of accounts; undefined if only `apply` reads them. */
  withRights?: ((users: LinkingUser[]) => Promise<LinkingUser[]>) | undefined
}

/** The result of {@link writePlan}. */
export interface WrittenPlan {
  head: PlanHead
  /** Some pairs that would be linked, each with its email address. */
  sample: { pair: PlannedPair; email: string }[]
  /** How many pairs are refused, by reason. */
  refusals: Map<string, number>
}

/**
 * Writes a plan.
 *
 * @param folder - The folder whose plan is replaced.
 * @throws {DuplicatesError} `nothing_scanned`.
 */
export async function writePlan(folder: Folder, terms: PlanTerms): Promise<WrittenPlan> {
  const found = storedGroups(folder)
  // Without a head, a plan that is only half written does not count.
  rmSync(folder.planHead, { force: true })
  const writer = new LineWriter(folder.plan)
  const hasher = new PlanHasher()
  const sample: WrittenPlan['sample'] = []
  const refusals = new Map<string, number>()
  let linkable = 0
  for await (const stored of found) {
    for (const pair of await pairsOf(stored, terms)) {
      const line = JSON.stringify(pair)
      hasher.add(line)
      await writer.write(line)
      if (!isLinkable(pair)) refusals.set(pair.outcome, (refusals.get(pair.outcome) ?? 0) + 1)
      else {
        linkable += 1
        if (sample.length < SAMPLE) sample.push({ pair, email: String(stored.accounts[0]?.email) })
      }
    }
  }
  await writer.end()
  const refused = [...refusals.values()].reduce((sum, count) => sum + count, 0)
  const { tenant, rule, policy, now } = terms
  const made_at = now.toISOString()
  const hashed = { version: 1 as const, tenant, made_at, rule, policy: policyHash(policy), linkable, refused }
  const head = { ...hashed, plan_id: hasher.end(hashed) }
  writePrivate(folder.planHead, `${JSON.stringify(head, undefined, 2)}\n`)
  return { head, sample, refusals }
}

/** The pairs of a group that the operator's rule names. */
async function pairsOf(stored: StoredGroup, terms: PlanTerms): Promise<PlannedPair[]> {
  const { rule, policy, now, withRights } = terms
  if (!isAboutAddress(rule, stored.accounts[0]?.email, sizeOf(stored))) return []
  const users = readAccounts(stored).users.filter((user) => isAboutAccount(rule, user))
  if (users.length < 2) return []
  const at = { policy, now: Math.floor(now.getTime() / 1000) }
  const read: ReadAccounts = { users, incomplete: [] }
  const decided = await decideAccounts(read, at)
  if (!withRights || !decided.pairs.some(isLinkable)) return plannedOf(stored.key, users, decided, rule)
  const again = await decideAccounts({ ...read, users: await withRights(users) }, at)
  return plannedOf(stored.key, users, again, rule)
}

async function plannedOf(
  key: string,
  users: LinkingUser[],
  { pairs }: Decided,
  rule: PlanRule,
): Promise<PlannedPair[]> {
  const staying = users.find(({ user_id: id }) => !pairs.some(({ secondary }) => secondary === id))
  if (!staying) return []
  const planned: PlannedPair[] = []
  for (const { secondary, outcome, carried = NONE } of pairs) {
    const ending = users.find(({ user_id: id }) => id === secondary)
    if (!ending) continue
    const isNamed = namesPair(rule, staying, ending)
    if (!isNamed && !namesPair(rule, ending, staying)) continue
    const isReversed = !isNamed && isLinkable({ outcome })
    planned.push({
      key,
      primary: staying.user_id,
      secondary,
      outcome: isReversed ? REVERSED : outcome,
      states: { primary: await accountState(staying), secondary: await accountState(ending) },
      carried: isReversed ? NONE : carried,
    })
  }
  return planned
}
