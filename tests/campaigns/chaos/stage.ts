/**
 * A stage: a demo with its own Redis (the store), on which schedules are played one after the other.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Demo } from '../../../scripts/lib/demo-world.mjs'
import { type FlowDemoOptions, startFlowDemo } from '../../support/flow/demo'
import { startRedis, type TestRedis } from '../../support/flow/redis'
import { FlowTenant, type LedgerCall, type WorldUser } from '../../support/flow/tenant'
import { type Effect, isCrash, rulesFor, SERVER_CALLS } from './effects'
import { StageJobs } from './jobs'
import { RULES } from './rights'

/** A world that the tenant exports and imports. */
export type World = { users: WorldUser[]; sessions?: unknown[] } & Record<string, unknown>

/** How long the application does not use the store after a failure, in milliseconds. */
const STORE_PAUSE_MS = 1_100
/** Seconds: longer than repairs wait before they touch an interrupted unlink, or a link that was never made. */
const LONG_AGO_SECONDS = 4_000

/** Whether effects apply to a call. */
export const isServerCall = ({ path }: LedgerCall) => new RegExp(SERVER_CALLS).test(path)

const OWN: FlowDemoOptions = {
  env: RULES,
  secrets: Object.fromEntries(Object.entries(RULES).map(([name, rule]) => [`ACCOUNT_LINKING_${name}`, rule])),
}

/** A running demo with its Redis, and control over both and over the faults. */
export class Stage {
  readonly tenant: FlowTenant
  #calls: Effect[] = []
  /** The ledger from before the tenant's last restart. */
  #before: LedgerCall[] = []
  /** Server calls that do not count, because they were made without faults. */
  #calm = 0
  #isStoreDown = false
  #hasCrashed = false
  #mayHaveLostJobs = false
  #watch: Promise<void> | undefined
  #isWatching = false

  private constructor(
    readonly demo: Demo,
    private readonly redis: TestRedis,
    private readonly jobs: StageJobs,
  ) {
    this.tenant = new FlowTenant(demo)
  }

  /**
   * Starts everything, on free ports.
   *
   * @param options - Of the demo, apart from its store; by default our own Action, and rules that carry rights over.
   */
  static async start(options: FlowDemoOptions = OWN): Promise<Stage> {
    const redis = await startRedis()
    try {
      const demo = await startFlowDemo({ ...options, env: { ...options.env, REDIS_URL: redis.url } })
      return new Stage(demo, redis, await StageJobs.open(redis.url))
    } catch (error) {
      await redis.stop()
      throw error
    }
  }

  async close(): Promise<void> {
    await this.jobs.close()
    await this.demo.close()
    await this.redis.stop()
  }

  /** Starts over with a world, and with effects on the calls from now on. */
  async begin(world: World, calls: Effect[]): Promise<void> {
    this.#before = []
    this.#calm = 0
    await this.jobs.forget()
    this.#mayHaveLostJobs = false
    await this.tenant.reset(world)
    this.#calls = calls
    await this.#arm(0)
  }

  /** Every call since the beginning. */
  async ledger(): Promise<LedgerCall[]> {
    return [...this.#before, ...(await this.tenant.ledger())]
  }

  world = () => this.tenant.world() as Promise<World>

  user = (id: string) => this.tenant.user(id)

  /** Runs work that no fault disturbs. */
  async calm<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#calls.length === 0) return work()
    await this.#disarm()
    const from = await this.#made()
    try {
      return await work()
    } finally {
      this.#calm += (await this.#made()) - from
      await this.#arm(from)
    }
  }

  /** Ends all faults, and waits until everything has recovered. */
  async endFaults(): Promise<void> {
    await this.#disarm()
    this.#calls = []
    await this.tenant.clock(0)
    if (this.#isStoreDown) await this.redis.restart()
    else if (this.#hasCrashed) await this.jobs.emptyButJobs()
    if (this.#isStoreDown) await sleep(STORE_PAUSE_MS)
    this.#isStoreDown = false
    this.#hasCrashed = false
  }

  /**
   * Does all background work now.
   *
   * @returns Whether all work is certainly done. It is not certain if the store lost jobs, or if a process was killed,
   *   perhaps before it stored a job.
   */
  async doJobs(): Promise<boolean> {
    return (await this.jobs.doAll()) && !this.#mayHaveLostJobs
  }

  /** Lets time pass without waiting: moves stored times into the past. */
  async letTimePass(): Promise<void> {
    await this.restartTenant(({ users, ...world }) => ({ ...world, users: users.map(aged) }))
  }

  async crashApp(): Promise<void> {
    this.#hasCrashed = true
    this.#mayHaveLostJobs = true
    await this.demo.crashApp()
  }

  async loseStore(): Promise<void> {
    this.#isStoreDown = true
    this.#mayHaveLostJobs = true
    await this.redis.kill()
  }

  /**
   * Forgets which tokens were used. Tokens of a published Action differ only in their time in seconds, so two logins within
   * one second have the same token.
   */
  forgetTokens = () => this.jobs.emptyButJobs()

  async emptyStore(): Promise<void> {
    this.#mayHaveLostJobs = true
    await this.redis.restart()
  }

  /** Restarts the tenant: its users stay; its sessions, suspended logins and caches do not. */
  async restartTenant(change = (world: World) => world): Promise<void> {
    await this.#disarm()
    const made = await this.#made()
    this.#before = await this.ledger()
    await this.tenant.reset(change(await this.world()))
    await this.#arm(made)
  }

  /** The number of calls so far to which effects apply. */
  async #made(): Promise<number> {
    return (await this.ledger()).filter(isServerCall).length - this.#calm
  }

  async #arm(from: number): Promise<void> {
    const left = this.#calls.slice(from)
    const rules = rulesFor(left)
    if (rules.length === 0) return
    await this.tenant.faults(...rules)
    const crash = left.findIndex(isCrash)
    if (crash < 0) return
    this.#isWatching = true
    this.#watch = this.#crashAt(from + crash + 1)
  }

  async #disarm(): Promise<void> {
    if (this.#calls.length === 0) return
    this.#isWatching = false
    await this.#watch
    this.#watch = undefined
    await this.tenant.mend()
  }

  /** Kills the application as soon as this many calls have arrived. */
  async #crashAt(count: number): Promise<void> {
    while (this.#isWatching) {
      if ((await this.#made()) >= count) {
        await this.crashApp()
        const next = this.#calls.findIndex((effect, index) => index >= count && isCrash(effect))
        return next < 0 ? undefined : this.#crashAt(next + 1)
      }
      await sleep(10)
    }
  }
}

function aged(user: WorldUser): WorldUser {
  const app_metadata = Object.fromEntries(
    Object.entries(user.app_metadata ?? {}).map(([key, value]) => [key, ageOf(key)(value)]),
  )
  return { ...user, app_metadata }
}

const ageOf = (key: string): ((value: unknown) => unknown) => {
  if (key === 'account_linking') return (value) => agedMarks(value as Marks)
  if (key === 'account_linking_journal') return (value) => agedJournal(value as Journal)
  if (/^account_linking_[0-9a-f]{12}$/.test(key)) return (value) => agedSnapshot(value as Snapshot)
  return (value) => value
}

type Marks = { ended?: { before: number }; ending?: { before: number }; changed?: { before?: number } }

/** Sign-ins before these times don't count. Moves the times back, also those that a tenant's clock set that was ahead. */
const agedMarks = ({ ended, ending, changed, ...marks }: Marks): Marks => ({
  ...marks,
  ...(ending && { ending: { ...ending, before: ending.before - LONG_AGO_SECONDS } }),
  ...(ended && { ended: { ...ended, before: ended.before - LONG_AGO_SECONDS } }),
  ...(changed && { changed: { ...changed, before: (changed.before ?? 0) - LONG_AGO_SECONDS } }),
})

type Journal = { entries: unknown[][] }

/** Index of `before` in a journal entry: after an unlink, sign-ins before that time no longer count. */
const BEFORE = 6

const agedJournal = ({ entries }: Journal): Journal => ({
  entries: entries.map((entry) =>
    entry.map((value, at) => (at === BEFORE && typeof value === 'number' ? value - LONG_AGO_SECONDS : value)),
  ),
})

type Snapshot = { at: number; returning?: { at: number } }

const agedSnapshot = ({ returning, ...snapshot }: Snapshot): Snapshot => ({
  ...snapshot,
  at: snapshot.at - LONG_AGO_SECONDS,
  ...(returning && { returning: { ...returning, at: returning.at - LONG_AGO_SECONDS } }),
})
