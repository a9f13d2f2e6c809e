/**
 * The corpus: attacks as data, in `docs/security/corpus`, one file for each group. A case is one attack: steps, and what
 * must be true after them. It may have variants, which differ only in values.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { ROOT } from '../../../scripts/lib/paths.mjs'
import type { EventChange } from './action'
import { LISTS } from './lists'

const FOLDER = join(ROOT, 'docs', 'security', 'corpus')

const Values = z.record(z.string(), z.unknown())
const Step = z.looseObject({ do: z.string() })

/** What must be true after the steps. Only the fields that are present are checked, and always `delta`. */
const Expectation = z.strictObject({
  /** The last answer is our error page, with one of these codes and one of `status` (by default 400). It opens no flow. */
  refuse: z.union([z.string(), z.array(z.string())]).optional(),
  /** The status of the last answer is one of these. Statuses from 500 are allowed only if listed here. */
  status: z.array(z.number()).optional(),
  /** The browser's current path, or a part of its address. */
  at: z.string().optional(),
  /** How the login at the other company's application ended, and (only with `login`) the user id in its ID token. */
  login: z.enum(['completed', 'denied']).optional(),
  sub: z.string().optional(),
  /**
   * How many effects the steps had in the tenant, by kind (`EFFECTS` in `expect.ts`), and how many calls (`COUNTED` there).
   * An effect that is not listed must not happen. If `link` or `unlink` is listed, any number of `patch` may happen.
   */
  delta: z
    .record(z.string(), z.union([z.number(), z.literal('any'), z.templateLiteral(['$', z.string()])]))
    .optional(),
  /** What the text of the last document contains, and what its markup does not contain. */
  says: z.array(z.string()).optional(),
  lacks: z.array(z.string()).optional(),
  /** The most elements that a selector matches in the last document. */
  most: z.strictObject({ selector: z.string(), count: z.number() }).optional(),
  /** Claims of the response token `$RT`, which an earlier step stored; null if the claim must be missing. */
  answer: Values.optional(),
  /**
   * Headers of the last answer by lower-case name: a string that the value contains, or null if the header must be missing.
   */
  headers: z.record(z.string(), z.string().nullable()).optional(),
  /** Addresses. The last answer may redirect only to the hosts of these. */
  leadsTo: z.array(z.string()).optional(),
  /** The tenant received a request for a path, without any of these words in the query. */
  asked: z.strictObject({ path: z.string(), lacks: z.array(z.string()) }).optional(),
  /** All metadata of users without our own keys, by user id and kind. */
  metadata: z.record(z.string(), z.record(z.string(), Values)).optional(),
  /** The number of identities of users, by user id. */
  holds: z.record(z.string(), z.number()).optional(),
  /** The number of cookies of the browser `B1`, by the beginning of their names. */
  cookies: z.record(z.string(), z.number()).optional(),
  /** What the application's log must not contain. */
  unlogged: z.array(z.string()).optional(),
  /** `provider|id` of the identities of users, by user id; null if the user must be gone. */
  identities: z.record(z.string(), z.array(z.string()).nullable()).optional(),
})

const Runnable = z.strictObject({
  id: z.string().regex(/^[A-QS]\d{2}[a-z]?$/),
  /** The threat or the rule, in a few words. */
  threat: z.string(),
  /** The variants: each is a set of values for `$names` in the steps and the expectations; or the name of a list. */
  each: z.union([z.string(), z.array(Values)]).optional(),
  /** Replaces parts of the demo's world. */
  world: Values.optional(),
  /** Variables to add to the application's environment. The case then runs against a separate instance. */
  env: z.record(z.string(), z.string()).optional(),
  /** The operator's rules, such as `ROLES`, for service and Action. The case then runs against a separate instance. */
  rules: z.record(z.string(), z.string()).optional(),
  /** Replaces parts of the Action's event (`secrets`, `user`); null removes a value. */
  event: Values.optional(),
  /** Runs the case against two processes of the application behind nginx, with Redis. */
  behind: z.literal('proxy').optional(),
  steps: z.array(Step),
  expect: Expectation,
  /** A remark, such as why the expectation differs from what a reader would expect. */
  note: z.string().optional(),
})
const Unrunnable = z.strictObject({
  id: z.string().regex(/^[A-QS]\d{2}$/),
  threat: z.string(),
  /** Why it cannot run here, and how a tenant's owner checks it. */
  unrunnable: z.string(),
  check: z.string(),
})

export type Expectation = z.infer<typeof Expectation>
export type Step = z.infer<typeof Step>
export type RunnableCase = z.infer<typeof Runnable>
export type UnrunnableCase = z.infer<typeof Unrunnable>
export type AttackCase = RunnableCase | UnrunnableCase

/** A case with the values of one variant filled in. */
export interface Variant extends RunnableCase {
  /** `A04/3`, or the case's own id if it has only one variant. */
  name: string
}

/** Whether a case can be run here. */
export const isRunnable = (each: AttackCase): each is RunnableCase => 'steps' in each

/**
 * Reads the corpus.
 *
 * @throws {Error} That names an invalid case, or an id that occurs twice.
 */
export function readCorpus(): AttackCase[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
  const cases = files.sort().flatMap((file) => {
    const all = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { id?: string }[]
    return all.map((one) => {
      const checked = ('unrunnable' in one ? Unrunnable : Runnable).safeParse(one)
      if (!checked.success) throw new Error(`${file}, ${one.id}: ${z.prettifyError(checked.error)}`)
      if (!checked.data.id.startsWith(basename(file, '.json')))
        throw new Error(`${file}: ${one.id} belongs to another group`)
      return withRules(checked.data)
    })
  })
  const ids = cases.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice) throw new Error(`${twice} occurs twice`)
  return cases
}

/** Writes the operator's rules into the environment of the service and into the secrets of the Action. */
function withRules(one: AttackCase): AttackCase {
  if (!isRunnable(one) || !one.rules) return one
  const secrets = Object.entries(one.rules).map(([name, rule]) => [`ACCOUNT_LINKING_${name}`, rule])
  return {
    ...one,
    env: { ...one.rules, ...one.env },
    event: { ...one.event, secrets: Object.fromEntries(secrets) },
  }
}

/** Cases by the first letter of their ids. */
export function groupsOf(cases: AttackCase[]): { name: string; cases: AttackCase[] }[] {
  const names = [...new Set(cases.map(({ id }) => id.charAt(0)))]
  return names.map((name) => ({ name, cases: cases.filter(({ id }) => id.startsWith(name)) }))
}

/** The variants of a case, with their values filled in. */
export function variantsOf(one: RunnableCase): Variant[] {
  const { each = [{}] } = one
  const sets = typeof each === 'string' ? LISTS[each]?.() : each
  if (!sets) throw new Error(`${one.id}: there is no list ${each}`)
  return sets.map((values, index) => ({
    ...one,
    ...(one.world && { world: fill(one.world, values) as Record<string, unknown> }),
    ...(one.event && { event: fill(one.event, values) as EventChange }),
    steps: fill(one.steps, values) as Step[],
    expect: fill(one.expect, values) as Expectation,
    name: sets.length > 1 ? `${one.id}/${index + 1}` : one.id,
  }))
}

/** Replaces `$name` as a whole text and `${name}` within texts by values. Names without a value stay, for later steps. */
export function fill(template: unknown, values: Record<string, unknown>): unknown {
  if (typeof template === 'string') {
    const whole = /^\$(\w+)$/.exec(template)?.[1]
    if (whole !== undefined) return Object.hasOwn(values, whole) ? values[whole] : template
    return template.replace(/\$\{(\w+)\}/g, (text, name: string) =>
      Object.hasOwn(values, name) ? String(values[name]) : text,
    )
  }
  if (Array.isArray(template)) return template.map((item) => fill(item, values))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => [String(fill(key, values)), fill(value, values)]),
  )
}
