import * as bullmq from 'bullmq'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectForJobs } from '@/lib/jobs/redis-client'
import type { FaultRule } from '@/local-tenant/control/records'
import { aQueue } from '../../lib/jobs/a-queue'
import { aTenant } from '../../support/tenant/tenant'
import { startWorkerProcess } from '../worker/a-worker'
import { environmentAt, startCommand } from './a-command'
import { aFolder, aPlan, journalOf } from './a-plan'
import { linksAt, peopleAt } from './a-world'

const tenant = await aTenant()
const { redis, look } = await aQueue()
const readUser = async (id: string) => structuredClone(tenant.state.users.get(id))
const stopping: (() => Promise<unknown>)[] = []
beforeEach(() => redis.empty())
afterEach(() => Promise.all(stopping.splice(0).map((stop) => stop())))

/** Pattern of the Redis keys of the queue's pairs. */
const JOBS = 'account-linking:jobs:pairs:*_*'
/** How long and how often to poll for links, in milliseconds. */
const LINKED = { timeout: 60_000, interval: 5 }

const play = (rule: FaultRule) => tenant.state.faults.push({ rule, seen: 0, played: 0 })

/** Fills the tenant with people and plans their links. `start` runs `apply --queue`, `work` a worker. */
async function planned(people: number) {
  const folder = aFolder()
  const environment = {
    ...{ ...environmentAt(tenant), ROLES: 'carry', APP_METADATA_KEYS: 'plan', REDIS_URL: redis.url },
  }
  const groups = peopleAt(tenant, people)
  const id = await aPlan(folder, groups, readUser, {}, environment)
  const start = (changes: Record<string, string> = {}) =>
    startCommand(
      folder.path,
      { ...environment, ...changes },
      'apply',
      '--plan-id',
      id,
      '--share',
      '1',
      '--queue',
    )
  const work = async (changes: Record<string, string> = {}) => {
    const worker = await startWorkerProcess({ ...environment, ...changes })
    stopping.push(() => worker.kill('SIGKILL'))
    return worker
  }
  return { folder, start, work, environment, pairs: groups.flatMap(([, ...secondaries]) => secondaries) }
}

/** Deletes the locks on accounts that a killed process held, as if they had expired. */
async function forgetAccountLocks() {
  const { connection, end } = connectForJobs(bullmq, redis.url, true)
  const keys = await look.connection.keys('*lock:account:*')
  if (keys.length > 0) await connection.del(...keys)
  end()
}

describe('apply --queue', () => {
  it('lets two workers link the approved pairs, and continues after a kill of one worker and of the command', async () => {
    const { folder, start, work, pairs } = await planned(25)
    expect(pairs).toHaveLength(30)
    const [one] = [await work(), await work()]
    // After a link, the worker writes with a PATCH that it ended older sessions. The delay lets the kill come before that.
    play({ match: { method: 'PATCH' }, effect: { delay_ms: 500 } })
    const first = start()
    await vi.waitFor(() => expect(linksAt(tenant).size).toBeGreaterThan(5), LINKED)
    await one?.kill('SIGKILL')
    await forgetAccountLocks()
    await vi.waitFor(() => expect(linksAt(tenant).size).toBeGreaterThan(10), LINKED)
    first.child.kill('SIGKILL')
    await first.ended
    const linked = () => journalOf(folder).filter(({ step }) => step === 'linked')
    expect(linked().length).toBeLessThan(pairs.length)
    let status: number | null = 1
    for (let runs = 0; status === 1 && runs < 5; runs += 1) ({ status } = await start().ended)
    expect(status).toBe(0)
    expect([...linksAt(tenant)].filter(([, count]) => count !== 1)).toEqual([])
    expect([...linksAt(tenant).keys()].sort()).toEqual([...pairs].sort())
    expect(
      linked()
        .map(({ pair }) => pair)
        .sort(),
    ).toEqual([...pairs].sort())
    // Redis holds no pair any more.
    expect(await look.connection.keys(JOBS)).toEqual([])
  }, 240_000)

  it('leaves the worker able to end with status 0 at SIGTERM, although it has used the store', async () => {
    const { start, work } = await planned(1)
    const worker = await work()
    expect((await start().ended).status).toBe(0)
    expect(await worker.kill('SIGTERM')).toBe(0)
  }, 60_000)

  it('stores no user id and no address in Redis', async () => {
    const { start } = await planned(1)
    const { child, ended } = start()
    await vi.waitFor(async () => expect(await look.connection.keys(JOBS)).toHaveLength(1), 20_000)
    const [job = ''] = await look.connection.keys(JOBS)
    expect(job).not.toMatch(/person/)
    expect(JSON.stringify(await look.connection.hGetAll(job))).not.toMatch(/person|example/)
    child.kill('SIGKILL')
    await ended
  }, 60_000)

  it('is refused by a worker whose environment does not allow it, or has other rules', async () => {
    const { folder, start, work } = await planned(1)
    const codes = () => journalOf(folder).flatMap(({ code }) => code ?? [])
    const off = await work({ OPERATOR_LINKS: 'off' })
    expect((await start().ended).status).toBe(1)
    await off.kill('SIGTERM')
    const other = await work({ BLOCKED_CONNECTIONS: 'github' })
    expect((await start().ended).status).toBe(1)
    await other.kill('SIGTERM')
    expect([...new Set(codes())]).toEqual(['operator_links_off', 'other_policy'])
    expect(linksAt(tenant).size).toBe(0)
    await work()
    expect((await start().ended).status).toBe(0)
  }, 60_000)

  it('waits if the tenant answers a call with 429, and tries the pair again', async () => {
    const { folder, start, work } = await planned(2)
    await work()
    const turned = { match: { method: 'PATCH' }, effect: { status: 429, headers: { 'retry-after': '2' } } }
    play({ ...turned, times: 2 })
    expect((await start().ended).status).toBe(0)
    expect(journalOf(folder).filter(({ step }) => step === 'refused')).toEqual([])
    expect(tenant.state.ledger.filter(({ status }) => status === 429)).toHaveLength(2)
  }, 60_000)

  it('ends at Ctrl-C although no worker runs, and links the pair at the next run', async () => {
    const { start, work, pairs } = await planned(1)
    const { child, ended } = start()
    await vi.waitFor(async () => expect(await look.connection.keys(JOBS)).toHaveLength(1), 20_000)
    child.kill('SIGINT')
    const { status, output } = await ended
    expect([status, output]).toEqual([2, expect.stringContaining('no_worker 1')])
    expect(await look.connection.keys(JOBS)).toEqual([])
    await work()
    expect((await start().ended).status).toBe(0)
    expect(linksAt(tenant).size).toBe(pairs.length)
  }, 60_000)

  it('leaves no pair in the queue that a worker would link after an undo', async () => {
    const { folder, start, work, environment } = await planned(1)
    const { child, ended } = start()
    await vi.waitFor(async () => expect(await look.connection.keys(JOBS)).toHaveLength(1), 20_000)
    child.kill('SIGKILL')
    await ended
    await startCommand(folder.path, environment, 'undo').ended
    expect(await look.connection.keys(JOBS)).toEqual([])
    await work()
    expect(linksAt(tenant).size).toBe(0)
  }, 60_000)

  it('does not run without REDIS_URL', async () => {
    const { start } = await planned(1)
    const { status, output } = await start({ REDIS_URL: '' }).ended
    expect([status, output]).toEqual([3, expect.stringContaining('needs REDIS_URL')])
  }, 60_000)

  it('starts pairs at a rate that all workers share', async () => {
    const { start, work, pairs } = await planned(5)
    await Promise.all([work(), work()])
    tenant.state.changeOptions({ rate_limit: { burst: 50, per_second: 16 } })
    const begun = performance.now()
    const { status, output } = await start().ended
    expect([status, output]).toEqual([0, expect.stringContaining(`linked ${pairs.length}`)])
    // A pair takes at least 13 calls, at 16 calls a second. The first pair starts at once.
    expect(performance.now() - begun).toBeGreaterThan(((pairs.length - 1) * 13 * 1000) / 16)
    expect(tenant.state.ledger.filter(({ status }) => status === 429)).toEqual([])
  }, 60_000)
})
