/**
 * Plays a schedule, ends the faults, lets the person come back once, and returns the invariants that do not hold (`I1` to
 * `I8`, see docs/assurance/chaos.md).
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { FlowBrowser } from '../../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, Flow } from '../../support/flow/flow'
import { methodsOf, Settings } from '../../support/flow/settings'
import type { LedgerCall, WorldUser } from '../../support/flow/tenant'
import { countOf, EMAIL, ENDS, isLinked, misplaced, STAYS, unsettled, wrongLinks } from './ann'
import { Person } from './person'
import { leftBehind, unexpectedRights, withRights } from './rights'
import type { Goal, Schedule } from './schedule'
import type { Stage, World } from './stage'

/** Ann's accounts, separate and linked: the beginnings of schedules. */
export interface Worlds {
  twoAccounts: World
  linked: World
}

/** The longest time of an undisturbed login, in milliseconds. */
const MAX_UNDISTURBED_MS = 400
/** Longest wait for the repairs that a view of the page starts, in milliseconds. */
const REPAIR_TIMEOUT_MS = 10_000
/** Wait until the second in which an unlink was made is certainly over, in milliseconds. */
const UNLINK_SECOND_MS = 2_000

/** Creates the two worlds. */
export async function makeWorlds(stage: Stage): Promise<Worlds> {
  await stage.tenant.reset()
  const { users } = await stage.world()
  const twoAccounts = withRights({ users: users.filter(({ user_id }) => [STAYS, ENDS].includes(user_id)) })
  // At its first login, the other company's application reads the tenant's addresses and keys. Faults must not disturb that.
  await undisturbed(stage, twoAccounts, 'google')
  return { twoAccounts, linked: await undisturbed(stage, twoAccounts, 'connect') }
}

/** The world after an undisturbed goal. Tries several times, for slow machines. */
async function undisturbed(stage: Stage, world: World, goal: Goal): Promise<World> {
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await stage.begin(world, [])
    await new Person(stage).pursue(goal)
    const { users } = await stage.world()
    if (isLinked({ users })) return { ...world, users }
  }
  throw new Error(`undisturbed, ${goal} did not link the two accounts`)
}

/**
 * Plays a schedule on a stage.
 *
 * @returns What was wrong, each with the invariant it breaks; empty if all of them hold.
 */
export async function play(stage: Stage, worlds: Worlds, schedule: Schedule): Promise<string[]> {
  try {
    return await playOut(stage, worlds, schedule)
  } catch (error) {
    await stage.endFaults()
    return [`does not go on: ${error instanceof Error ? error.stack?.slice(0, 600) : error}`]
  }
}

async function playOut(stage: Stage, worlds: Worlds, schedule: Schedule): Promise<string[]> {
  await stage.begin(schedule.isLinked ? worlds.linked : worlds.twoAccounts, schedule.calls)
  const ann = new Person(stage, [...schedule.moves])
  for (const goal of schedule.goals) await ann.pursue(goal)
  await stage.endFaults()
  await untilQuiet(stage)
  const world = await stage.world()
  const interrupted = [misplaced, unexpectedRights].flatMap((find) => find(worlds.twoAccounts, world, false))
  const ledger = await stage.ledger()
  const isEnded = !(await stage.doJobs()) || schedule.goals.some(isLogin) || (await isAllEnded(stage))
  await stage.letTimePass()
  const left = (await stage.doJobs()) ? leftBehind(worlds.twoAccounts, await stage.world()) : []
  return [
    ...ann.problems,
    ...interrupted.map((what) => `I3 ${what}`),
    ...(isEnded ? [] : ['I7 sessions still have to end after all background work']),
    ...left.map((what) => `I3 after all background work, ${what} is held for a link that was not made`),
    ...changesWithoutConsent(ann, ledger),
    ...(await comeBack(stage, worlds, ann.hasDeclined || ledger.some(isScopeMissing))),
  ]
}

/** Whether the tenant refused (403) a read of rights. This looks like a missing scope, so the offer waits for a day. */
const isScopeMissing = ({ method, path, status }: LedgerCall): boolean =>
  method === 'GET' &&
  status === 403 &&
  /\/(roles|permissions|organizations|authentication-methods)$/.test(path)

/** Whether the Action makes the change. It ends sessions while it has time; a later login or view ends the others. */
const isLogin = (goal: Goal): boolean => goal === 'google' || goal === 'password'

/**
 * Whether neither account has a note of sessions that still have to end. Waits for that, because the process that made a
 * change goes on ending sessions after its response, without a job in the queue.
 */
const isAllEnded = ({ tenant }: Stage): Promise<boolean> =>
  Promise.all([STAYS, ENDS].map((id) => tenant.ended(id, REPAIR_TIMEOUT_MS))).then(
    () => true,
    () => false,
  )

/** Checks that nothing was linked or unlinked without the person's agreement. */
function changesWithoutConsent(
  { links, unlinks }: Person,
  ledger: Awaited<ReturnType<Stage['ledger']>>,
): string[] {
  const made = countOf(ledger, 'link')
  const ended = countOf(ledger, 'unlink')
  return [
    ...wrongLinks(ledger).map((what) => `I2 I4 ${what}`),
    ...(made > links.size ? [`I2 I8 ${made} links after ${links.size} agreements`] : []),
    ...(ended > unlinks ? [`I2 ${ended} unlinks after ${unlinks} agreements`] : []),
  ]
}

/** Whether a link of this user failed in a way that would fail again, after which it is not offered for a while. */
const isPutOff = ({ app_metadata }: WorldUser): boolean => {
  const marks = app_metadata?.account_linking as { declined?: Record<string, { failed?: true }> } | undefined
  return Object.values(marks?.declined ?? {}).some(({ failed }) => failed)
}

/** Ann signs in with Google, and opens the page "Sign-in methods" with her password. Checks what she finds. */
async function comeBack(stage: Stage, worlds: Worlds, isPutOffAnyway: boolean): Promise<string[]> {
  const problems: string[] = []
  const flow = new Flow(stage.demo)
  const before = await stage.world()
  const wasLinked = isLinked(before)
  const browser = new FlowBrowser()
  const start = performance.now()
  const login = await flow.signIn(browser, EMAIL, { with: 'google-oauth2' })
  // On a slow machine the deadlines of an offer can pass, which proves nothing.
  const isAtEase = performance.now() - start < MAX_UNDISTURBED_MS
  const isAsked = login.url.pathname === '/link/prompt'
  const done = isAsked ? await browser.press(login, BUTTONS.notNow) : login
  const sub = done.url.pathname === '/callback' ? claimsOf(done).sub : errorCode(done)
  if (sub !== (wasLinked ? STAYS : ENDS)) problems.push(`I5 back, the login ended as ${sub}`)
  if (isAsked && wasLinked) problems.push('I1 back, she is asked about what is linked')
  if (!isAsked && isAtEase && !wasLinked && !isPutOffAnyway && !before.users.some(isPutOff))
    problems.push('I6 back, she is not asked again')

  let page = await new Settings(flow, new FlowBrowser()).open(EMAIL)
  // A sign-in within the second of an unlink does not count, so she signs in once more.
  if (errorCode(page) === 'reauth_required') {
    await sleep(UNLINK_SECOND_MS)
    page = await new Settings(flow, new FlowBrowser()).open(EMAIL)
  }
  const shown = methodsOf(page).length
  if (shown !== (wasLinked ? 2 : 1))
    problems.push(`I1 back, the page shows ${shown} ways (${errorCode(page)})`)
  const until = Date.now() + REPAIR_TIMEOUT_MS
  let world = await stage.world()
  while (unsettled(world).length > 0 && Date.now() < until) {
    await sleep(20)
    world = await stage.world()
  }
  if (isLinked(world) !== wasLinked) problems.push('I1 coming back changed whether they are linked')
  return [
    ...problems,
    ...unsettled(world).map((what) => `I7 ${what}`),
    ...[misplaced, unexpectedRights]
      .flatMap((find) => find(worlds.twoAccounts, world, true))
      .map((what) => `I3 back, ${what}`),
  ]
}

/** Waits until the tenant receives no more calls, because the application may work on after its response. */
async function untilQuiet(stage: Stage): Promise<void> {
  for (let before = -1; ; await sleep(20)) {
    const { length } = await stage.ledger()
    if (length === before) return
    before = length
  }
}
