/**
 * Computes the `plan_id`, a hash of the whole plan by which an operator approves it, and the hash of the linking rules.
 * @module
 */
import { createHash } from 'node:crypto'
import type { LinkPolicy } from '../../../core'
import { POLICY_OPTIONS } from '../../../core/rules/policy-options'
import type { PlanHead } from './plan-file'

/** Hexadecimal digits of the hashes: 128 bits, so that no second plan can be made for an approved id. */
const DIGITS = 32

/** The fields of a plan's head that are hashed. */
export type HashedHead = Omit<PlanHead, 'plan_id'>

/** Hashes a plan line by line, in the order of the file. */
export class PlanHasher {
  readonly #hash = createHash('sha256')

  /** @param line - A line of `plan.ndjson`, without its line break. */
  add(line: string): void {
    this.#hash.update(`${line}\n`)
  }

  /** Returns the `plan_id`. Call it once, after every line was added. */
  end(head: HashedHead): string {
    const { version, tenant, made_at, rule, policy, linkable, refused } = head
    const all = [version, tenant, made_at, rule, policy, linkable, refused]
    return this.#hash.update(JSON.stringify(all)).digest('hex').slice(0, DIGITS)
  }
}

/** A hash of the linking rules in the service's environment, by which pairs are decided. */
export function policyHash(policy: LinkPolicy): string {
  const rules = (Object.keys(POLICY_OPTIONS) as (keyof LinkPolicy)[]).map((name) => [
    name,
    policy[name] ?? null,
  ])
  return createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, DIGITS)
}
