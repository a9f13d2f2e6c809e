/**
 * The files of a plan: `plan.json` says by what it was made, `plan.ndjson` names each pair in a line of its own.
 * @module
 */
import { z } from 'zod'

/** One pair of a plan. */
export const PlannedPair = z.strictObject({
  /** Names the group. */
  key: z.string(),
  /** User ids of the account that stays and of the one that ends. */
  primary: z.string(),
  secondary: z.string(),
  /** `linkable`, or why the two are not linked. */
  outcome: z.string(),
  /** `accountState` of both when the plan was made. */
  states: z.strictObject({ primary: z.string(), secondary: z.string() }),
  /** Names of the metadata fields that are carried over. */
  carried: z.strictObject({ user_metadata: z.array(z.string()), app_metadata: z.array(z.string()) }),
})

/** @see {@link PlannedPair} */
export type PlannedPair = z.infer<typeof PlannedPair>

/** By what a plan was made. */
export const PlanHead = z.strictObject({
  version: z.literal(1),
  /** A hash of everything else here and of every line of `plan.ndjson`: an operator approves a plan by it. */
  plan_id: z.string(),
  /** Host of the tenant's Management API. */
  tenant: z.string(),
  /** When it was made. It is refused after 14 days. */
  made_at: z.iso.datetime(),
  /** The operator's rule. */
  rule: z.record(z.string(), z.unknown()),
  /** A hash of the rules of the service's environment. */
  policy: z.string(),
  /** How many pairs would be linked, and how many are refused. */
  linkable: z.number().int().nonnegative(),
  refused: z.number().int().nonnegative(),
})

/** @see {@link PlanHead} */
export type PlanHead = z.infer<typeof PlanHead>
