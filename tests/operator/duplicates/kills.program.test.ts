import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { aTenant } from '../../support/tenant/tenant'
import { environmentAt, startCommand } from './a-command'
import { aFolder, aPlan, journalOf } from './a-plan'
import { linksAt, peopleAt, worldOf } from './a-world'

/** How often `apply` and `undo` together are killed. */
const KILLS = Number(process.env.KILLS ?? 20)
/** The most API calls of a run before it is killed. */
const MOST_CALLS = 40

const tenant = await aTenant()
const { state } = tenant
const readUser = async (id: string) => structuredClone(state.users.get(id))

/** Runs a command and kills it after a random number of API calls. Returns false if it ended before. */
async function killed(folder: string, environment: Record<string, string>, ...args: string[]) {
  const { child, ended } = startCommand(folder, environment, ...args)
  const before = state.ledger.length
  const calls = 1 + Math.floor(Math.random() * MOST_CALLS)
  let status: number | null | undefined
  void ended.then((end) => {
    status = end.status
  })
  while (status === undefined && state.ledger.length < before + calls) await sleep(1)
  await sleep(Math.random() * 10)
  child.kill('SIGKILL')
  return (await ended).status === null
}

describe('a command that is killed', () => {
  it(`can be run again: ${KILLS} kills lose no link and make none twice, and undo restores all users`, async () => {
    const folder = aFolder()
    const environment = { ...environmentAt(tenant), ROLES: 'carry', APP_METADATA_KEYS: 'plan' }
    const groups = peopleAt(tenant, 3 * KILLS)
    const pairs = groups.flatMap(([, ...secondaries]) => secondaries)
    const before = worldOf(tenant)
    const id = await aPlan(folder, groups, readUser, {}, environment)
    const apply = ['apply', '--plan-id', id, '--share', '1']
    let kills = 0
    while (kills < KILLS / 2 && (await killed(folder.path, environment, ...apply))) kills += 1
    const rest = await startCommand(folder.path, environment, ...apply).ended
    const refused = () => journalOf(folder).filter(({ step }) => step === 'refused')
    expect([rest.status, refused(), rest.output.slice(-300)]).toEqual([0, [], expect.anything()])
    expect([...linksAt(tenant)].filter(([, count]) => count !== 1)).toEqual([])
    expect([...linksAt(tenant).keys()].sort()).toEqual([...pairs].sort())
    const linked = journalOf(folder).filter(({ step }) => step === 'linked')
    expect(linked.map(({ pair }) => pair).sort()).toEqual([...pairs].sort())

    const undo = ['undo', '--share', '1']
    while (kills < KILLS && (await killed(folder.path, environment, ...undo))) kills += 1
    const last = await startCommand(folder.path, environment, ...undo).ended
    expect([last.status, last.output]).toEqual([0, expect.anything()])
    expect(worldOf(tenant)).toEqual(before)
    expect(kills).toBeGreaterThan(KILLS / 2)
  }, 600_000)
})
