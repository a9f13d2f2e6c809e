/**
 * Plays one case of the corpus against an instance of the application.
 * @module
 */
import { FlowBrowser } from '../../support/browser/flow-browser'
import { type Expectation, fill, type RunnableCase, type Variant, variantsOf } from './corpus'
import { check, checkAlways, checkNothingLost, identitiesOfAll } from './expect'
import { Run } from './run'
import type { Target, Targets } from './targets'
import { play } from './vocabulary'

/** The result of one case. */
export interface Outcome {
  id: string
  passed: number
  /** A message for each failure. It begins with the name of the variant. */
  failures: string[]
}

/** Plays the variants of a case, then checks that an undisturbed login still reaches the prompt. */
export async function attack(targets: Targets, one: RunnableCase): Promise<Outcome> {
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

/**
 * Plays one variant of a case.
 *
 * @throws {Error} If the application did not behave as the case expects; the message says what is wrong.
 */
export async function attempt(target: Target, { world, event = {}, steps, expect }: Variant): Promise<void> {
  const { flow, action, output, pids } = target
  action?.change(event)
  await flow.tenant.reset(world)
  const run = new Run(flow, output, pids)
  run.values.begun = (await flow.tenant.ledger()).at(-1)?.n ?? 0
  const before = await identitiesOfAll(flow)
  await play(run, steps)
  const ledger = await run.ledgerSince(Number(run.values.begun))
  await check(run, fill(expect, run.values) as Expectation, ledger)
  await checkNothingLost(run, before)
  checkAlways(run, expect.status)
}

async function baseline({ flow, action }: Target): Promise<void> {
  action?.change({})
  await flow.tenant.reset()
  const prompt = await flow.annAtPrompt(new FlowBrowser())
  if (prompt.url.pathname !== '/link/prompt') throw new Error(`a login came to ${prompt.url.pathname}`)
}
