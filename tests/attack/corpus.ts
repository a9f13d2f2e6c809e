/**
 * The corpus: rows of attacks as data, in `docs/security/corpus`, one file a group.
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { ROOT } from '../../scripts/lib/paths.mjs'
import type { EventChange } from './action'
import { LISTS } from './lists'

const FOLDER = join(ROOT, 'docs', 'security', 'corpus')

const Values = z.record(z.string(), z.unknown())
const Step = z.looseObject({ do: z.string() })

/** What is so afterwards; whatever is not named is not looked at, but for what changed at the tenant. */
const Expectation = z.strictObject({
  /** The page says no, with one of these codes and one of the statuses, here; nothing changed. */
  refuse: z.union([z.string(), z.array(z.string())]).optional(),
  /** Statuses of the last answer, one of which it has; those of 500 and above are let pass nowhere else. */
  status: z.array(z.number()).optional(),
  /** Where the browser has come to: a path, or a part of an address. */
  at: z.string().optional(),
  /** How the login at the other application ended, and whose it is. */
  login: z.enum(['completed', 'denied']).optional(),
  sub: z.string().optional(),
  /** Effects at the tenant since the steps began, by kind; those left out are none, but for `patch` beside a link. */
  delta: z
    .record(z.string(), z.union([z.number(), z.literal('any'), z.templateLiteral(['$', z.string()])]))
    .optional(),
  /** What the last document says, and does not. */
  says: z.array(z.string()).optional(),
  lacks: z.array(z.string()).optional(),
  /** How many elements of a kind the last document has at most. */
  most: z.strictObject({ selector: z.string(), count: z.number() }).optional(),
  /** Claims of `$RT`, which a step took; null where there is none. */
  answer: Values.optional(),
  /** Headers of the last answer by lower-case name; null where there is none; a text is part of the value. */
  headers: z.record(z.string(), z.string().nullable()).optional(),
  /** Hosts that the last answer may lead to. */
  leadsTo: z.array(z.string()).optional(),
  /** The tenant was asked for a path, and not with any of these words in the query. */
  asked: z.strictObject({ path: z.string(), lacks: z.array(z.string()) }).optional(),
  /** Metadata of users, whole, by user id and kind; our own keys are left out. */
  metadata: z.record(z.string(), z.record(z.string(), Values)).optional(),
  /** How many identities users have, by user id. */
  holds: z.record(z.string(), z.number()).optional(),
  /** How many cookies a browser has whose names begin so. */
  cookies: z.record(z.string(), z.number()).optional(),
  /** What the application has not logged. */
  unlogged: z.array(z.string()).optional(),
  /** `provider|id` of the identities of users, by user id; null where the user is gone. */
  identities: z.record(z.string(), z.array(z.string()).nullable()).optional(),
})

const Runnable = z.strictObject({
  id: z.string().regex(/^[A-KS]\d{2}[a-z]?$/),
  /** The threat, or the rule, in a few words. */
  threat: z.string(),
  /** The variants: each is a set of values for `$names` in the steps and in what is expected; or the name of a list. */
  each: z.union([z.string(), z.array(Values)]).optional(),
  /** Laid over the demo's world. */
  world: Values.optional(),
  /** Environment of an instance of its own. */
  env: z.record(z.string(), z.string()).optional(),
  /** Laid over the event of the Action, by part (`secrets`, `user`); null leaves out what is there. */
  event: Values.optional(),
  /** Two processes of the application behind nginx, with Redis. */
  behind: z.literal('proxy').optional(),
  steps: z.array(Step),
  expect: Expectation,
  /** Why what is expected here differs from what the row first said. */
  note: z.string().optional(),
})
const Unrunnable = z.strictObject({
  id: z.string().regex(/^[A-KS]\d{2}$/),
  threat: z.string(),
  /** Why it cannot be run here, and what a tenant's owner does to check it. */
  unrunnable: z.string(),
  check: z.string(),
})

export type Expectation = z.infer<typeof Expectation>
export type Step = z.infer<typeof Step>
export type RunnableCase = z.infer<typeof Runnable>
export type UnrunnableCase = z.infer<typeof Unrunnable>
export type AttackCase = RunnableCase | UnrunnableCase

/** One run of a case: its variables filled in. */
export interface Variant extends RunnableCase {
  /** `A04/3`, or the case's own id where it has one variant only. */
  name: string
}

/** Whether a case can be run here. */
export const isRunnable = (each: AttackCase): each is RunnableCase => 'steps' in each

/**
 * Reads the corpus.
 *
 * @throws {Error} Naming the case that is none, or an id that is given twice.
 */
export function readCorpus(): AttackCase[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
  const cases = files.sort().flatMap((file) => {
    const all = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { id?: string }[]
    return all.map((one) => {
      const checked = ('unrunnable' in one ? Unrunnable : Runnable).safeParse(one)
      if (!checked.success) throw new Error(`${file}, ${one.id}: ${z.prettifyError(checked.error)}`)
      if (!checked.data.id.startsWith(basename(file, '.json')))
        throw new Error(`${file}: ${one.id} is of another group`)
      return checked.data
    })
  })
  const ids = cases.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice) throw new Error(`${twice} is there twice`)
  return cases
}

/** Cases by the first letter of their ids. */
export function groupsOf(cases: AttackCase[]): { name: string; cases: AttackCase[] }[] {
  const names = [...new Set(cases.map(({ id }) => id.charAt(0)))]
  return names.map((name) => ({ name, cases: cases.filter(({ id }) => id.startsWith(name)) }))
}

/** The variants of a case, their values filled in. */
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

/** Puts values in the place of `$name`, whole or as part of a text as `${name}`; other names stay for the run. */
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
