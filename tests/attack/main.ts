/**
 * `npm run attack`: plays the corpus against a running instance, or one that it starts.
 * @module
 */
import { parseArgs } from 'node:util'
import { Flow } from '../support/flow'
import { FlowBrowser } from '../support/flow-browser'
import { type FlowDemo, startFlowDemo } from '../support/flow-demo'
import { AttackedAction } from './action'
import {
  type AttackCase,
  type Expectation,
  fill,
  isRunnable,
  type RunnableCase,
  readCorpus,
  type Variant,
  variantsOf,
} from './corpus'
import { check, checkAlways, checkNothingLost, waysIn } from './expect'
import { Run } from './run'
import { play } from './vocabulary'

/** An application and its tenant. */
interface Target {
  flow: Flow
  /** None where it was started by others. */
  action?: AttackedAction
  output: () => string
  close: () => Promise<void>
}

/** What became of one case. */
interface Outcome {
  id: string
  passed: number
  failures: string[]
}

/**
 * Plays the corpus and prints a table by group.
 *
 * @param args - `--only` an id, or the beginning of some; `--base`, `--tenant`, `--tls`, `--other`: addresses of a running
 *   demo; without `--base` one is started.
 * @returns Whether everything passed.
 */
export async function main(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: Object.fromEntries(
      ['only', 'base', 'tenant', 'tls', 'other'].map((name) => [name, { type: 'string' as const }]),
    ),
  })
  const cases = readCorpus().filter(({ id }) => id.startsWith(values.only ?? ''))
  if (cases.length === 0) throw new Error(`There is no case ${values.only}.`)
  const targets = new Targets(
    values.base === undefined ? undefined : runningDemo({ ...values, base: values.base }),
  )
  const outcomes: Outcome[] = []
  try {
    for (const one of cases.filter(isRunnable)) outcomes.push(await attack(targets, one))
  } finally {
    await targets.close()
  }
  return report(cases, outcomes)
}

/** The demo that was started by somebody else. What only its environment tells is not looked for there. */
function runningDemo({
  base,
  tenant,
  tls,
  other,
}: { base: string } & Record<string, string | undefined>): FlowDemo {
  return {
    app: new URL(base).origin,
    tenant: tenant ?? 'http://localhost:4400',
    tls: tls ?? 'https://localhost:4401',
    other: other ?? 'http://127.0.0.1:4402',
    ca: '',
    env: {},
  }
}

/** The instance that most cases are played against, and those of their own that some need; each is started once. */
class Targets {
  private readonly known = new Map<string, Promise<Target>>()

  private readonly isForeign: boolean

  constructor(running: FlowDemo | undefined) {
    this.isForeign = running !== undefined
    if (running)
      this.known.set(
        '',
        Promise.resolve({ flow: new Flow(running), output: () => '', close: async () => undefined }),
      )
  }

  of({ env, event }: RunnableCase): Promise<Target> {
    // The Action of a demo that others started stays as it is.
    const key = env ? JSON.stringify(env) : event && this.isForeign ? 'event' : ''
    const known = this.known.get(key) ?? startTarget(env)
    this.known.set(key, known)
    return known
  }

  async close(): Promise<void> {
    for (const target of this.known.values()) await (await target.catch(() => undefined))?.close()
  }
}

async function startTarget(env: Record<string, string> | undefined): Promise<Target> {
  const action = new AttackedAction()
  const { output, close, ...demo } = await startFlowDemo({ ...(env && { env }), actions: [action.file] })
  return {
    flow: new Flow(demo),
    action,
    output,
    close: async () => {
      await close()
      action.close()
    },
  }
}

/** Plays every variant of a case; afterwards an undisturbed login still reaches its question. */
async function attack(targets: Targets, one: RunnableCase): Promise<Outcome> {
  const outcome: Outcome = { id: one.id, passed: 0, failures: [] }
  const fail = (name: string, error: unknown) =>
    outcome.failures.push(`${name} (${one.threat}): ${error instanceof Error ? error.message : error}`)
  for (const variant of variantsOf(one))
    await attempt(await targets.of(one), variant).then(
      () => {
        outcome.passed += 1
      },
      (error) => fail(variant.name, error),
    )
  await baseline(await targets.of(one)).catch((error) => fail(`${one.id}, afterwards`, error))
  return outcome
}

async function attempt(target: Target, { world, event = {}, steps, expect }: Variant): Promise<void> {
  const { flow, action, output } = target
  action?.change(event)
  await flow.tenant.reset(world)
  const run = new Run(flow, output)
  run.values.begun = await newest(flow)
  const before = await waysIn(flow)
  await play(run, steps)
  const ledger = await run.ledgerSince(Number(run.values.begun))
  await check(run, fill(expect, run.values) as Expectation, ledger)
  await checkNothingLost(run, before, ledger)
  checkAlways(run, expect.status)
}

const newest = async (flow: Flow) => (await flow.tenant.ledger()).at(-1)?.n ?? 0

async function baseline({ flow, action }: Target): Promise<void> {
  action?.change({})
  await flow.tenant.reset()
  const prompt = await flow.annAtPrompt(new FlowBrowser())
  if (prompt.url.pathname !== '/link/prompt') throw new Error(`a login came to ${prompt.url.pathname}`)
}

function report(cases: AttackCase[], outcomes: Outcome[]): boolean {
  const failures = outcomes.flatMap(({ failures }) => failures)
  for (const failure of failures) console.log(`failed: ${failure}`)
  for (const one of cases)
    if (!isRunnable(one))
      console.log(`not run: ${one.id} (${one.threat}): ${one.unrunnable} To check: ${one.check}`)
  const groups = [...new Set(cases.map(({ id }) => id.charAt(0)))]
  console.table(
    Object.fromEntries(
      groups.map((group) => {
        const of = outcomes.filter(({ id }) => id.startsWith(group))
        const rows = cases.filter(({ id }) => id.startsWith(group))
        return [
          group,
          {
            rows: new Set(rows.map(({ id }) => id.slice(0, 3))).size,
            attacks: of.reduce((sum, { passed, failures }) => sum + passed + failures.length, 0),
            failed: of.reduce((sum, { failures }) => sum + failures.length, 0),
            'not run': rows.filter((one) => !isRunnable(one)).length,
          },
        ]
      }),
    ),
  )
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
  console.log(`${passed} passed, ${failures.length} failed`)
  return failures.length === 0
}
