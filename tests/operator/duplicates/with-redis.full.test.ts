import { describe, expect, it } from 'vitest'
import { hash12 } from '@/core'
import { WEBHOOK } from '../../lib/events/an-event'
import { aQueue } from '../../lib/jobs/a-queue'
import { aTenant } from '../../support/tenant/tenant'
import { environmentAt, startCommand } from './a-command'
import { aFolder, aPlan, journalOf } from './a-plan'
import { peopleAt } from './a-world'
import { connectedStore } from './connected-store'

const tenant = await aTenant()
const { redis, webhook, look } = await aQueue()
const readUser = async (id: string) => structuredClone(tenant.state.users.get(id))

/** Plans the links of three people. `apply` runs with the service's Redis and its receiver of events. */
async function planned() {
  const folder = aFolder()
  const environment = {
    ...environmentAt(tenant),
    ...{ ROLES: 'carry', APP_METADATA_KEYS: 'plan', REDIS_URL: redis.url },
    ...{ EVENTS_WEBHOOK_URL: webhook.url, EVENTS_WEBHOOK_SECRET: WEBHOOK.secret },
  }
  const groups = peopleAt(tenant, 3)
  const id = await aPlan(folder, groups, readUser, {}, environment)
  const apply = () => startCommand(folder.path, environment, 'apply', '--plan-id', id, '--share', '1').ended
  return { folder, apply, pairs: groups.flatMap(([, ...secondaries]) => secondaries) }
}

describe('apply with a Redis', () => {
  it('does not wait for an account that the service has locked, and links it at the next run', async () => {
    const { folder, apply, pairs } = await planned()
    const store = await connectedStore(redis.url)
    const lock = `lock:account:${await hash12(pairs[0] ?? '')}`
    await store.take(lock, 60, 'the service')
    const { status, output } = await apply()
    expect([status, output]).toEqual([1, expect.stringContaining('busy 1')])
    await store.delete(lock)
    expect((await apply()).status).toBe(0)
    const linked = journalOf(folder).filter(({ step }) => step === 'linked')
    expect(linked.map(({ pair }) => pair).sort()).toEqual([...pairs].sort())
  }, 60_000)

  it('sends each event before the journal says that the pair is done, and ends', async () => {
    const { folder, apply, pairs } = await planned()
    webhook.received.length = 0
    const early: boolean[] = []
    webhook.answer = (response, count) => {
      early.push(journalOf(folder).filter(({ step }) => step === 'linked').length < count)
      response.writeHead(204).end()
    }
    expect((await apply()).status).toBe(0)
    expect(early).toEqual(pairs.map(() => true))
    const [event] = webhook.received.map(({ body }) => JSON.parse(body))
    expect(event).toMatchObject({ type: 'account.linked', data: { way: 'operator', notice: {} } })
    expect(await look.counts()).toMatchObject({ delayed: 0, waiting: 0 })
  }, 60_000)

  it('leaves an event that the receiver refuses in the queue, for the service to send', async () => {
    const { apply, pairs } = await planned()
    webhook.answer = (response) => void response.writeHead(503).end()
    expect((await apply()).status).toBe(0)
    expect(await look.counts()).toMatchObject({ delayed: pairs.length })
  }, 60_000)
})
