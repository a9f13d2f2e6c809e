/**
 * The plan that an operator approved, as `apply` reads it: first all of it is held against its id, then it is read group by group.
 * @module
 */
import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { DuplicatesError } from './error'
import type { Folder } from './folder'
import { PlanHead, PlannedPair } from './plan-file'
import { PlanHasher } from './plan-id'

/** How long a plan counts, in milliseconds. */
const PLAN_LIFE = 14 * 86_400_000
/** How far the clock of the machine that made it may be ahead, in milliseconds. */
const SKEW = 5 * 60_000

/** The files of a plan. */
export type PlanFiles = Pick<Folder, 'plan' | 'planHead'>

/** Where a plan is applied. */
export interface PlanTarget {
  /** Host of the tenant's Management API. */
  tenant: string
  /** A hash of the rules of the service's environment. */
  policy: string
  /** Milliseconds since the epoch. */
  now: number
}

/** The lines of a plan. */
async function* linesOf({ plan }: PlanFiles): AsyncGenerator<string> {
  const input = createReadStream(plan, 'utf8')
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
      if (line !== '') yield line
  } finally {
    input.destroy()
  }
}

/**
 * Reads the head of a plan, and makes sure that all of it is what was approved, for this tenant and these rules, a short time ago.
 *
 * @param planId - As the operator names it.
 * @throws {DuplicatesError} `no_plan`, `plan_changed`, `plan_not_approved`, `other_tenant`, `other_policy` or `plan_too_old`.
 */
export async function readApproved(files: PlanFiles, planId: string, target: PlanTarget): Promise<PlanHead> {
  const head = readHead(files)
  const hasher = new PlanHasher()
  for await (const line of linesOf(files)) hasher.add(line)
  // The files are held against what the operator approved, not against what they say of themselves.
  const { plan_id: own, ...hashed } = head
  const actual = hasher.end(hashed)
  if (actual !== own)
    throw new DuplicatesError('plan_changed', 'The files of the plan are not as plan wrote them.')
  if (actual !== planId) throw new DuplicatesError('plan_not_approved', 'This folder holds another plan.')
  assertTenant(head, target)
  if (head.policy !== target.policy)
    throw new DuplicatesError(
      'other_policy',
      "The rules of the service's environment have changed since the plan.",
    )
  const age = target.now - Date.parse(head.made_at)
  if (age > PLAN_LIFE || age < -SKEW)
    throw new DuplicatesError('plan_too_old', `The plan was made at ${head.made_at}.`)
  return head
}

function assertTenant({ tenant }: PlanHead, target: Pick<PlanTarget, 'tenant'>): void {
  if (tenant !== target.tenant)
    throw new DuplicatesError('other_tenant', `The plan is for ${tenant}, not for ${target.tenant}.`)
}

/**
 * Makes sure that what was done by a folder's plan was done at this tenant.
 *
 * @throws {DuplicatesError} `other_tenant`, `no_plan` or `plan_changed`.
 */
export const assertOwnTenant = (files: PlanFiles, target: Pick<PlanTarget, 'tenant'>): void =>
  assertTenant(readHead(files), target)

function readHead({ planHead }: PlanFiles): PlanHead {
  let text: string
  try {
    text = readFileSync(planHead, 'utf8')
  } catch (error) {
    if (Object(error).code === 'ENOENT')
      throw new DuplicatesError('no_plan', 'There is no plan here. Run plan --rule FILE first.')
    throw error
  }
  const read = PlanHead.safeParse(parse(text))
  if (!read.success) throw new DuplicatesError('plan_changed', 'plan.json is not as plan wrote it.')
  return read.data
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The pairs of a plan that are to be linked, group by group: those of one group belong behind one another. */
export async function* groupsOf(files: PlanFiles): AsyncGenerator<PlannedPair[]> {
  let group: PlannedPair[] = []
  for await (const line of linesOf(files)) {
    const pair = PlannedPair.parse(JSON.parse(line))
    if (!isToLink(pair)) continue
    if (group[0] && group[0].key !== pair.key) {
      yield group
      group = []
    }
    group.push(pair)
  }
  if (group.length > 0) yield group
}

/** Whether a pair is to be linked, as far as the plan knows. What both hold may not have been read for it. */
const isToLink = ({ outcome }: PlannedPair): boolean =>
  outcome === 'linkable' || outcome === 'linkable_before_rights'
