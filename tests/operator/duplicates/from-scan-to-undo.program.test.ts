import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fillWorld } from '@/local-tenant/control/fill-world'
import { aTenant } from '../../support/tenant/tenant'
import { environmentAt, startCommand } from './a-command'
import { aFolder, journalOf } from './a-plan'
import { linksAt, worldOf } from './a-world'

const tenant = await aTenant()

it('scans, plans, applies and undoes: apply links every pair that was planned from the export, and undo restores all users', async () => {
  const { state } = tenant
  state.reset({ users: [] })
  fillWorld(state, { users: 300, seed: 3, kinds: {} })
  state.changeOptions({ rate_limit: { burst: 100_000, per_second: 100_000 }, ending_delay_ms: 0 })
  const folder = aFolder()
  const rule = join(folder.path, 'rule.json')
  writeFileSync(
    rule,
    JSON.stringify({
      connections: { stays: ['auth0'], ends: ['google-oauth2', 'github'] },
      because: 'They were imported twice.',
      most_accounts: 5,
    }),
  )
  const run = async (...args: string[]) => {
    const { status, output } = await startCommand(folder.path, environmentAt(tenant), ...args).ended
    return [status, output] as const
  }
  expect(await run('scan')).toEqual([0, expect.anything()])
  const [planned, said] = await run('plan', '--rule', rule)
  expect([[0, 1], said]).toEqual([expect.arrayContaining([planned]), expect.stringContaining('plan_id')])
  const { plan_id, linkable } = JSON.parse(readFileSync(folder.planHead, 'utf8'))
  expect(linkable).toBeGreaterThan(10)
  const before = worldOf(tenant)
  const apply = ['apply', '--plan-id', plan_id, '--share', '1']
  expect(await run(...apply, '--dry-run')).toEqual([0, expect.stringContaining(`linkable ${linkable}`)])
  expect(await run(...apply)).toEqual([0, expect.stringContaining(`linked ${linkable}`)])
  expect(linksAt(tenant).size).toBe(linkable)
  expect(await run('undo', '--share', '1')).toEqual([0, expect.stringContaining(`undone ${linkable}`)])
  expect(worldOf(tenant)).toEqual(before)
  expect(journalOf(folder)).toHaveLength(4 * linkable)
}, 120_000)
