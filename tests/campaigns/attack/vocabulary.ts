/**
 * Every kind of step in a case.
 * @module
 */
import { z } from 'zod'
import { fill, type Step } from './corpus'
import { check } from './expect'
import type { Run } from './run'
import { type Verb, verb } from './verb'
import { ACTION_VERBS } from './verbs/actions'
import { ANSWER_VERBS } from './verbs/answers'
import { BROWSER_VERBS } from './verbs/browser'
import { CHROMIUM_VERBS } from './verbs/chromium'
import { CLIENT_VERBS } from './verbs/clients'
import { CONSOLE_VERBS } from './verbs/console'
import { COOKIE_VERBS } from './verbs/cookies'
import { COUNT_VERBS } from './verbs/counts'
import { DEPLOYMENT_VERBS } from './verbs/deployment'
import { DOCUMENT_VERBS } from './verbs/documents'
import { EVIDENCE_VERBS } from './verbs/evidence'
import { FLOW_COOKIE_VERBS } from './verbs/flow-cookies'
import { FORGE_VERBS } from './verbs/forge'
import { KEY_VERBS } from './verbs/keys'
import { LOGIN_VERBS } from './verbs/login'
import { LURE_VERBS } from './verbs/lure'
import { NEIGHBOUR_VERBS } from './verbs/neighbour'
import { NOTICE_VERBS } from './verbs/notices'
import { OPERATOR_VERBS } from './verbs/operators'
import { PEOPLE_VERBS } from './verbs/people'
import { REPORT_VERBS } from './verbs/reports'
import { RIGHTS_VERBS } from './verbs/rights'
import { SESSION_VERBS } from './verbs/sessions'
import { STANDSTILL_VERBS } from './verbs/standstill'
import { TENANT_VERBS } from './verbs/tenant'
import { TENANT_DOOR_VERBS } from './verbs/tenant-doors'
import { TENANT_EVENT_VERBS } from './verbs/tenant-events'
import { TOKEN_VERBS } from './verbs/tokens'
import { VALUE_VERBS } from './verbs/values'
import { VOLLEY_VERBS } from './verbs/volley'
import { WAY_BACK_VERBS } from './verbs/way-back'
import { WIRE_VERBS } from './verbs/wire'

const steps = z.array(z.looseObject({ do: z.string() }))

const FLOW_VERBS: Record<string, Verb> = {
  /** Repeats steps one after the other. */
  repeat: verb({ times: z.number(), steps }, async (run, { times, steps }) => {
    for (let count = 0; count < times; count += 1) await play(run, steps)
  }),
  /** Runs steps at the same time, each several times; `$N` is the number of the repetition. */
  together: verb({ times: z.number().optional(), steps }, async (run, { times = 1, steps }) => {
    const all = Array.from({ length: times }, (_, index) => fill(steps, { N: index }) as Step[])
    await Promise.all(all.flat().map((step) => play(run, [step])))
  }),
  /** Plays steps in order as if they were one step, for use in `together`. */
  'one after the other': verb({ steps }, async (run, { steps }) => play(run, steps)),
  /** Counts requests to the tenant, and their effects, only from here on. */
  'count anew': verb({}, async (run) => {
    // An earlier step may still be ending sessions, and a write records when that is done. Wait for it, so that the write
    // is not counted.
    const { tenant } = run.flow
    const { users } = await tenant.world()
    for (const { user_id, app_metadata } of users)
      if (app_metadata?.account_linking) await tenant.ended(user_id, ENDING_MS).catch(() => undefined)
    run.values.begun = (await run.flow.tenant.ledger()).at(-1)?.n ?? 0
  }),
  wait: verb({ seconds: z.number() }, async (_run, { seconds }) => {
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  }),
  /** Checks the current state, as at the end of a case. Changes are checked only if `delta` is set. */
  expect: verb({ that: z.record(z.string(), z.unknown()) }, async (run, { that }) => {
    const ledger = await run.ledgerSince(Number(run.values.begun))
    await check(run, { delta: { ...ANY }, ...that }, ledger)
  }),
}
/** The longest wait for sessions to end, in milliseconds. In some cases a fault keeps them open; that is no failure. */
const ENDING_MS = 4_000
const ANY = { link: 'any', unlink: 'any', patch: 'any', create: 'any', delete: 'any' } as const

const VERBS = allOf(
  FLOW_VERBS,
  ACTION_VERBS,
  ANSWER_VERBS,
  BROWSER_VERBS,
  CHROMIUM_VERBS,
  CLIENT_VERBS,
  CONSOLE_VERBS,
  COOKIE_VERBS,
  COUNT_VERBS,
  DEPLOYMENT_VERBS,
  DOCUMENT_VERBS,
  EVIDENCE_VERBS,
  FLOW_COOKIE_VERBS,
  FORGE_VERBS,
  KEY_VERBS,
  LOGIN_VERBS,
  LURE_VERBS,
  NEIGHBOUR_VERBS,
  NOTICE_VERBS,
  OPERATOR_VERBS,
  PEOPLE_VERBS,
  REPORT_VERBS,
  RIGHTS_VERBS,
  SESSION_VERBS,
  STANDSTILL_VERBS,
  TENANT_VERBS,
  TENANT_DOOR_VERBS,
  TENANT_EVENT_VERBS,
  TOKEN_VERBS,
  VALUE_VERBS,
  VOLLEY_VERBS,
  WAY_BACK_VERBS,
  WIRE_VERBS,
)

/** @throws {Error} If two verbs have the same name. */
function allOf(...groups: Record<string, Verb>[]): Map<string, Verb> {
  const all = new Map<string, Verb>()
  for (const [name, found] of groups.flatMap(Object.entries<Verb>)) {
    if (all.has(name)) throw new Error(`there are two steps “${name}”`)
    all.set(name, found)
  }
  return all
}

/**
 * Plays steps, with the values that earlier steps stored.
 *
 * @throws {Error} That names the step that cannot be played or whose check fails.
 */
export async function play(run: Run, steps: Step[]): Promise<void> {
  for (const step of steps) {
    const { do: name, ...args } = step
    const found = VERBS.get(name)
    if (!found) throw new Error(`there is no step “${name}”`)
    try {
      // Nested steps are filled in when they are played.
      await found.do(run, 'steps' in args ? args : fill(args, run.values))
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : error}`)
    }
  }
}
