/**
 * What an operator approves a plan by: one hash over all of it. And the hash of the rules that it was made by.
 * @module
 */
import { createHash } from 'node:crypto'
import type { LinkPolicy } from '../../core'
import { POLICY_OPTIONS } from '../../core/rules/policy-options'
import type { PlanHead } from './plan-file'

/** Hexadecimal digits of the hashes: 128 bits, so that no second plan can be made for an approved id. */
const DIGITS = 32

/** What of a head is hashed. */
export type HashedHead = Omit<PlanHead, 'plan_id'>

/** Hashes a plan line by line, in the order of the file. */
export class PlanHasher {
  readonly #hash = createHash('sha256')

  /** @param line - Of `plan.ndjson`, without its line break. */
  add(line: string): void {
    this.#hash.update(`${line}\n`)
  }

  /** The `plan_id`, once every line was added. */
  end(head: HashedHead): string {
    const { version, tenant, made_at, rule, policy, linkable, refused } = head
    const all = [version, tenant, made_at, rule, policy, linkable, refused]
    return this.#hash.update(JSON.stringify(all)).digest('hex').slice(0, DIGITS)
  }
}

/** A hash of the rules by which pairs are decided, as the service's environment has them. */
export function policyHash(policy: LinkPolicy): string {
  const rules = (Object.keys(POLICY_OPTIONS) as (keyof LinkPolicy)[]).map((name) => [
    name,
    policy[name] ?? null,
  ])
  return createHash('sha256').update(JSON.stringify(rules)).digest('hex').slice(0, DIGITS)
}
