import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { FaultRule } from '@/local-tenant/control/records'
import { aTenant } from '../../support/tenant/tenant'
import { environmentAt, startCommand } from './a-command'
import { aFolder, aPlan, journalOf } from './a-plan'
import { linksAt, peopleAt, worldOf } from './a-world'

/** How many pairs are applied and undone. */
const PAIRS = Number(process.env.PAIRS ?? 100)

const tenant = await aTenant()
const { state } = tenant
const readUser = async (id: string) => structuredClone(state.users.get(id))

/** Fills the tenant with people, and plans their links. */
async function planned(people: number) {
  const folder = aFolder()
  const environment = { ...environmentAt(tenant), ROLES: 'carry', APP_METADATA_KEYS: 'plan' }
  const groups = peopleAt(tenant, people)
  const pairs = groups.flatMap(([, ...secondaries]) => secondaries)
  const id = await aPlan(folder, groups, readUser, {}, environment)
  const start = (...args: string[]) => startCommand(folder.path, environment, ...args)
  return { folder, pairs, start, apply: ['apply', '--plan-id', id, '--share', '1'] }
}

const play = (rule: FaultRule) => state.faults.push({ rule, seen: 0, played: 0 })

/** Waits until a command has begun to link. */
async function untilLinking() {
  while (linksAt(tenant).size === 0) await sleep(5)
}

describe('npm run duplicates', () => {
  it(`applies ${PAIRS} pairs and undoes them: all users are as before`, async () => {
    // Every fifth person has three accounts.
    const { folder, pairs, start, apply } = await planned(Math.round((PAIRS * 5) / 6))
    const before = worldOf(tenant)
    const applied = await start(...apply).ended
    expect([applied.status, applied.output.slice(-300)]).toEqual([0, expect.anything()])
    expect([...linksAt(tenant).keys()].sort()).toEqual([...pairs].sort())
    const undone = await start('undo', '--share', '1').ended
    expect([undone.status, undone.output.slice(-300)]).toEqual([0, expect.anything()])
    expect(worldOf(tenant)).toEqual(before)
    const { output } = await start('status', '--json').ended
    expect(JSON.parse(output)).toMatchObject({
      linkable: pairs.length,
      waiting: 0,
      undone: pairs.length,
      begun: 0,
    })
    expect(journalOf(folder)).toHaveLength(4 * pairs.length)
  }, 1_200_000)

  it('finishes the current pair at Ctrl-C, and links the rest when it runs again', async () => {
    const { folder, pairs, start, apply } = await planned(20)
    const { child, ended } = start(...apply)
    await untilLinking()
    child.kill('SIGINT')
    const { status, output } = await ended
    expect([status, output]).toEqual([2, expect.stringContaining('Stopped on request.')])
    const steps = journalOf(folder).map(({ step }) => step)
    expect(steps.filter((step) => step === 'begun')).toHaveLength(
      steps.filter((step) => step === 'linked').length,
    )
    expect(steps.length).toBeLessThan(2 * pairs.length)
    expect((await start(...apply).ended).status).toBe(0)
    expect(linksAt(tenant).size).toBe(pairs.length)
  }, 60_000)

  it('does not run twice at once: the second command ends with already_running', async () => {
    const { start, apply, pairs } = await planned(20)
    play({ match: { method: 'PATCH' }, effect: { delay_ms: 1_000 } })
    const first = start(...apply)
    await untilLinking()
    for (const args of [apply, ['undo']]) {
      const second = await start(...args).ended
      expect([second.status, second.output]).toEqual([3, expect.stringContaining('already_running: ')])
    }
    expect((await first.ended).status).toBe(0)
    expect([...linksAt(tenant)].filter(([, count]) => count > 1)).toEqual([])
    expect(linksAt(tenant).size).toBe(pairs.length)
  }, 60_000)

  it('stops if the tenant does not answer any more', async () => {
    const { start, apply } = await planned(20)
    state.faults.push({
      rule: { match: { path: '/api/v2/users' }, effect: { status: 503 } },
      seen: 0,
      played: 0,
    })
    const { status, output } = await start(...apply).ended
    expect([status, output]).toEqual([
      2,
      expect.stringContaining('pairs in a row ended with tenant_unreachable'),
    ])
  }, 60_000)
})
