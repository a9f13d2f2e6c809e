import { describe, expect, it, vi } from 'vitest'
import { aQueue } from '../lib/jobs/a-queue'
import { startCommand } from '../operator/duplicates/a-command'
import { aFolder, aPlan, type PlannedGroup } from '../operator/duplicates/a-plan'
import { type OwnFlow, ownDemo } from '../support/flow/own-demo'

const TASKS_SECRET = 'tasks-secret-0123456789abcdef0123456'
const ANN: PlannedGroup = ['auth0|ann', 'google-oauth2|ann-g']
const BEA: PlannedGroup = ['auth0|bea', 'google-oauth2|bea-g', 'github|bea-h']

const { redis, look } = await aQueue()
const env = { REDIS_URL: redis.url, OPERATOR_LINKS: 'on', TASKS_SECRET }

/** Runs `duplicates -- apply --queue` for Ann and Bea at a demo, until the command ends. */
async function applied({ flow: { demo, tenant } }: OwnFlow) {
  await tenant.options({ rate_limit: { burst: 100_000, per_second: 100_000 } })
  const folder = aFolder()
  const { users } = await tenant.world()
  const readUser = async (id: string) => users.find(({ user_id }) => user_id === id)
  const id = await aPlan(folder, [ANN, BEA], readUser, {}, demo.env)
  const environment = { ...demo.env, NODE_EXTRA_CA_CERTS: demo.ca }
  return startCommand(folder.path, environment, 'apply', '--plan-id', id, '--share', '1', '--queue').ended
}

const identitiesAt = async ({ flow: { tenant } }: OwnFlow) =>
  (await Promise.all([ANN, BEA].map(([id]) => tenant.user(id)))).map((user) => user?.identities.length)

describe('apply --queue with a service whose process keeps running', () => {
  const lasting = ownDemo({ env })
  it('has its pairs linked by that process', async () => {
    expect(await applied(lasting)).toMatchObject({ status: 0, output: expect.stringContaining('linked 3') })
    expect(await identitiesAt(lasting)).toEqual([2, 3])
  }, 60_000)
})

describe('apply --queue with a service whose processes end after each response', () => {
  const ending = ownDemo({ env: { ...env, VERCEL: '1' } })

  it('has its pairs linked by requests to /tasks/drain', async () => {
    const done = applied(ending)
    const isWaiting = async () => (await look.connection.keys('account-linking:jobs:pairs:*_*')).length > 0
    await vi.waitFor(async () => expect(await isWaiting()).toBe(true), 20_000)
    expect(await identitiesAt(ending)).toEqual([1, 1])
    const url = new URL('/tasks/drain', ending.flow.demo.app)
    const drain = () => fetch(url, { headers: { authorization: `Bearer ${TASKS_SECRET}` } })
    let status: number | null | undefined
    void done.then((end) => {
      status = end.status
    })
    await vi.waitFor(
      async () => {
        expect((await drain()).status).toBe(200)
        expect(status).toBe(0)
      },
      { timeout: 60_000, interval: 200 },
    )
    expect(await identitiesAt(ending)).toEqual([2, 3])
  }, 90_000)
})
