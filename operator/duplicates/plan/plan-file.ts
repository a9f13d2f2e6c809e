/**
 * The files of a plan: `plan.json` (the head) says from which rule and settings the plan was made, and `plan.ndjson` names
 * one pair a line.
 * @module
 */
import { z } from 'zod'

/** One pair of a plan. */
export const PlannedPair = z.strictObject({
  /** The name of the group: a keyed hash of the email address. */
  key: z.string(),
  /** User ids of the account that stays (primary), and of the one that becomes part of it (secondary). */
  primary: z.string(),
  secondary: z.string(),
  /** `linkable`, `linkable_before_rights`, or a code that says why the two are not linked. */
  outcome: z.string(),
  /** `accountState` (a hash) of both accounts when the plan was made. */
  states: z.strictObject({ primary: z.string(), secondary: z.string() }),
  /** Names of the metadata fields that are carried over. */
  carried: z.strictObject({ user_metadata: z.array(z.string()), app_metadata: z.array(z.string()) }),
})

/** @see {@link PlannedPair} */
export type PlannedPair = z.infer<typeof PlannedPair>

/** The head of a plan: its id, and what the plan was made from. */
export const PlanHead = z.strictObject({
  version: z.literal(1),
  /** A hash of all other fields of the head and of every line of `plan.ndjson`. An operator approves a plan by this id. */
  plan_id: z.string(),
  /** Host of the tenant's Management API. */
  tenant: z.string(),
  /** When the plan was made. `apply` refuses it after 14 days. */
  made_at: z.iso.datetime(),
  /** The operator's rule. */
  rule: z.record(z.string(), z.unknown()),
  /** A hash of the linking rules in the service's environment. */
  policy: z.string(),
  /** How many pairs would be linked, and how many are refused. */
  linkable: z.number().int().nonnegative(),
  refused: z.number().int().nonnegative(),
})

/** @see {@link PlanHead} */
export type PlanHead = z.infer<typeof PlanHead>
