/**
 * Reads the plan that an operator approved, for `apply`. It first checks the whole plan against its id, then reads it group
 * by group.
 * @module
 */
import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { DuplicatesError } from '../error'
import type { Folder } from '../folder'
import { PlanHead, PlannedPair } from './plan-file'
import { PlanHasher } from './plan-id'

/** How long a plan is valid, in milliseconds. */
const PLAN_LIFE = 14 * 86_400_000
/** How far ahead the clock of the machine that made the plan may be, in milliseconds. */
const SKEW = 5 * 60_000

/** The files of a plan. */
export type PlanFiles = Pick<Folder, 'plan' | 'planHead'>

/** What a plan must match to be applied now. */
export interface PlanTarget {
  /** Host of the tenant's Management API. */
  tenant: string
  /** A hash of the linking rules in the service's environment. */
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
 * Reads the head of a plan. It makes sure that the files are those that the operator approved, that the plan is for this
 * tenant and these rules, and that it is not too old.
 *
 * @param planId - The id that the operator passed with `--plan-id`.
 * @throws {DuplicatesError} `no_plan`, `plan_changed`, `plan_not_approved`, `other_tenant`, `other_policy` or
 *   `plan_too_old`.
 */
export async function readApproved(files: PlanFiles, planId: string, target: PlanTarget): Promise<PlanHead> {
  const head = readHead(files)
  const hasher = new PlanHasher()
  for await (const line of linesOf(files)) hasher.add(line)
  // The hash of the files must be the id that the operator approved. That the files themselves name this id is not enough.
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
 * Makes sure that a folder's plan is for this tenant, so that what was linked by it can be undone here.
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

/** The pairs of a plan that are to be linked, group by group. The pairs of one group must be linked one after the other. */
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

/** Whether the plan says that a pair can be linked. `linkable_before_rights`: the rights of the accounts were not read. */
const isToLink = ({ outcome }: PlannedPair): boolean =>
  outcome === 'linkable' || outcome === 'linkable_before_rights'
