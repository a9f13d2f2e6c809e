/**
 * Plays every fault at every call of one link. One of Auth0's published Actions makes the link, and an application that
 * moves its own data is asked before it and told after it (adoption).
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { FlowBrowser } from '../../support/browser/flow-browser'
import { type Adopter, startAdopter } from '../../support/flow/adopter'
import { BUTTONS, Flow } from '../../support/flow/flow'
import { Settings } from '../../support/flow/settings'
import { actionFixture } from '../../support/tenant/tenant'
import { EMAIL, ENDS, isLinked, STAYS, unsettled } from './ann'
import type { Effect } from './effects'
import { isServerCall, Stage, type World } from './stage'

const EFFECTS: Effect[] = [
  ...(['limited', 'failed-before', 'failed-after', 'reset-before', 'reset-after', 'timeout-after'] as const),
  ...(['html-after', 'nothing', 'nothing-after', 'unauthorized', 'forbidden', 'not-found'] as const),
  ...(['conflict', 'crash-before', 'crash-after'] as const),
]
/** Longest wait for what a view of the page repairs, in milliseconds. */
const REPAIR_TIMEOUT_MS = 10_000

/** A stage, and the application that is asked before a link and told after it. */
interface Asked {
  stage: Stage
  adopter: Adopter
}

/**
 * Plays every fault at every call.
 *
 * @param from - The run to begin with; the first is 1.
 * @param onDone - Called after each run, with what was wrong, if anything was.
 */
export async function playPublished(
  from: number,
  lanes: number,
  onDone: (lines?: string[]) => void,
): Promise<void> {
  const all = await Promise.all(Array.from({ length: lanes }, start))
  try {
    const [first] = all as [Asked]
    await first.stage.tenant.reset()
    const { users } = await first.stage.world()
    const world = { users: users.filter(({ user_id }) => [STAYS, ENDS].includes(user_id)) }
    const calls = await lengthOf(first, world)
    const tasks = EFFECTS.flatMap((effect) =>
      Array.from({ length: calls }, (_unused, at) => ({ effect, at })),
    )
    console.log(`${tasks.length} runs, from ${from} on`)
    const left = tasks.slice(from - 1).values()
    const lane = async (asked: Asked) => {
      for (const { effect, at } of left) {
        const problems = await play(asked, world, [...Array<Effect>(at).fill('ok'), effect])
        onDone(problems.length > 0 ? [`published ${effect} at call ${at + 1}`, ...problems] : undefined)
      }
    }
    await Promise.all(all.map(lane))
  } finally {
    await Promise.all(all.map(({ stage, adopter }) => stage.close().finally(adopter.close)))
  }
}

async function start(): Promise<Asked> {
  const adopter = await startAdopter()
  const stage = await Stage.start({
    actions: [actionFixture('documented-2026')],
    env: {
      TRUSTED_CONNECTIONS: 'auth0,google-oauth2',
      ADOPTION_URL: adopter.url,
      ADOPTION_SECRET: adopter.secret,
      ACTION_EVENTS_SECRET: 'relay-'.repeat(7),
    },
  })
  return { stage, adopter }
}

/** The calls of an undisturbed login that links. */
async function lengthOf({ stage }: Asked, world: World): Promise<number> {
  // The first login also makes calls that a process makes only once, so the second one counts.
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await stage.begin(world, [])
    await stage.forgetTokens()
    await logIn(stage)
  }
  if (!isLinked(await stage.world())) throw new Error('undisturbed, the two accounts were not linked')
  return (await stage.ledger()).filter(isServerCall).length
}

/** Signs in and agrees to the link, as far as the faults allow. The published Action ends the login if its link fails. */
async function logIn(stage: Stage): Promise<void> {
  const flow = new Flow(stage.demo)
  const browser = new FlowBrowser()
  try {
    const prompt = await flow.signIn(browser, EMAIL, { with: 'google-oauth2' })
    if (prompt.url.pathname !== '/link/prompt') return
    const confirm = await flow.prove(browser, prompt, EMAIL)
    if (confirm.url.pathname === '/link/confirm') await browser.press(confirm, BUTTONS.link)
  } catch (error) {
    // Some faults break the connection: `fetch` then throws a `TypeError`.
    if (!(error instanceof TypeError)) throw error
  }
}

async function play({ stage, adopter }: Asked, world: World, calls: Effect[]): Promise<string[]> {
  adopter.reset()
  await stage.begin(world, calls)
  await stage.forgetTokens()
  await logIn(stage)
  await stage.endFaults()
  await stage.doJobs()
  const wasLinked = isLinked(await stage.world())
  const early = problemsOf(adopter, wasLinked, false)
  await stage.letTimePass()
  const isSure = await stage.doJobs()
  const byJobs = isSure ? problemsOf(adopter, wasLinked, true) : []
  await view(stage)
  const now = await stage.world()
  return [
    ...early,
    ...byJobs.map((what) => `after all background work, ${what}`),
    ...problemsOf(adopter, wasLinked, true).map((what) => `back, ${what}`),
    ...unsettled(now).map((what) => `I7 ${what}`),
    ...(isLinked(now) === wasLinked ? [] : ['I1 coming back changed whether they are linked']),
  ]
}

/** Ann opens the page "Sign-in methods", which repairs what an interrupted step has left. */
async function view(stage: Stage): Promise<void> {
  await new Settings(new Flow(stage.demo), new FlowBrowser()).open(EMAIL)
  const until = Date.now() + REPAIR_TIMEOUT_MS
  while (unsettled(await stage.world()).length > 0 && Date.now() < until) await sleep(20)
  await stage.doJobs()
}

/** What the application was told wrongly or not asked, and once all is settled, what it should have been told. */
function problemsOf({ steps }: Adopter, wasLinked: boolean, isSettled: boolean): string[] {
  const has = (name: string) => steps.some(({ step }) => step === name)
  return [
    ...(wasLinked && !has('prepare') ? ['they were linked, and the application was not asked'] : []),
    ...(!wasLinked && has('commit') ? ['the application was told of a link that is not there'] : []),
    ...(wasLinked && has('abandon') ? ['the application was told that there is no link'] : []),
    ...(isSettled && wasLinked && !has('commit') ? ['the application was not told of the link'] : []),
    ...(isSettled && !wasLinked && has('prepare') && !has('abandon')
      ? ['the application waits for a link that is not made']
      : []),
  ]
}
