import { appendFileSync } from 'node:fs'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { isLookedAt, lookupMarkHash, NEVER, pairKey } from '@/core'
import { parseAccount } from '@/lib/auth0/account'
import { atTenant } from '../../lib/sign-in-methods/at-tenant'
import { aPolicy } from '../../support/builders/users'
import { aScanFolder, jsonLines } from './a-scan'

const tenant = await atTenant()
const LOOKED = { until: NEVER, key: 'a' }

beforeEach(() => {
  vi.useRealTimers()
  tenant.state.changeOptions({ rate_limit: { burst: 100_000, per_second: 100_000 } })
})

/** Writes marks of ours, and more, to the `app_metadata` of an account. */
const mark = (id: string, marks: object, more: object = {}) =>
  tenant.change(id, { app_metadata: { account_linking: marks, plan: 'pro', ...more } })
const marksOf = (id: string) => tenant.user(id).app_metadata.account_linking

/** A folder in which the people of the tenant were scanned. */
async function scanned() {
  const all = aScanFolder()
  await all.run('scan')
  return { ...all, ask: (...args: string[]) => all.run('ask', '--share', '1', ...args) }
}
const writes = () => tenant.writes().filter((call) => call.startsWith('PATCH '))

describe('ask', () => {
  it('removes the lookup mark from every account that could be linked, and changes nothing else', async () => {
    const pair = await pairKey('auth0|bea', 'github|bea')
    const last = { result: 'failed', reason: 'busy', at: 1 }
    mark('auth0|ann', { looked: LOOKED, last })
    mark('google-oauth2|ann-g', { looked: LOOKED })
    mark('auth0|bea', { looked: LOOKED, declined: { [pair]: { until: NEVER, at: 1, disputed: true } } })
    // Dee has one account, and Cy's is not verified.
    mark('auth0|dee', { looked: LOOKED })
    mark('auth0|cy', { looked: LOOKED })
    const { ask } = await scanned()
    const { status, output } = await ask()
    expect([status, output]).toEqual([
      0,
      expect.stringContaining('0 offers that people declined for a time, 1 for good'),
    ])
    expect(marksOf('auth0|ann')).toEqual({ last })
    expect(marksOf('google-oauth2|ann-g')).toEqual({})
    expect(marksOf('auth0|bea')).toEqual({ declined: { [pair]: { until: NEVER, at: 1, disputed: true } } })
    expect(tenant.user('auth0|ann').app_metadata.plan).toBe('pro')
    expect([marksOf('auth0|dee'), marksOf('auth0|cy')]).toEqual([{ looked: LOOKED }, { looked: LOOKED }])
    expect(writes().sort()).toEqual(['PATCH auth0|ann', 'PATCH auth0|bea', 'PATCH google-oauth2|ann-g'])
  })

  it('makes the mark of Auth0’s published Action expire', async () => {
    tenant.change('auth0|ann', { app_metadata: { account_linking_timestamp: Date.now() } })
    const { ask } = await scanned()
    const now = Math.floor(Date.now() / 1000)
    const isMarked = async () => {
      const user = parseAccount(structuredClone(tenant.user('auth0|ann')))
      if (!user) throw new Error('no user')
      return isLookedAt(user, await lookupMarkHash(user, aPolicy()), now, 86_400)
    }
    expect(await isMarked()).toBe(true)
    await ask()
    expect(await isMarked()).toBe(false)
    expect(tenant.user('auth0|ann').app_metadata.account_linking_timestamp).toBeDefined()
  })

  it('reads each account right before the write, and reports accounts that are gone or blocked', async () => {
    mark('auth0|ann', { looked: LOOKED })
    const { ask, folder } = await scanned()
    mark('auth0|ann', { looked: LOOKED, last: { result: 'failed', reason: 'busy', at: 2 } })
    tenant.state.users.delete('google-oauth2|ann-g')
    tenant.change('auth0|bea', { blocked: true })
    const { status, output } = await ask()
    expect([status, output]).toEqual([1, expect.stringMatching(/not_available 1/)])
    expect(marksOf('auth0|ann')).toEqual({ last: { result: 'failed', reason: 'busy', at: 2 } })
    const refused = jsonLines(folder.journal).filter(({ step }) => step === 'refused')
    expect(refused.map(({ pair, code }) => `${pair} ${code}`).sort()).toEqual([
      'auth0|bea blocked',
      'google-oauth2|ann-g not_available',
    ])
  })

  it('asks each account once for a scan, and again after another scan', async () => {
    const { ask, run } = await scanned()
    await ask()
    const before = tenant.calls().length
    await ask()
    expect(tenant.calls()).toHaveLength(before)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    await run('scan')
    await ask()
    expect(tenant.calls().length).toBeGreaterThan(before + 10)
  })

  it('leaves accounts alone that apply has linked or begun to link', async () => {
    const { ask, folder } = await scanned()
    const line = { at: '2020-01-01T00:00:00.000Z', act: 'apply', primary: 'auth0|ann' }
    for (const [pair, step] of [
      ['google-oauth2|ann-g', 'linked'],
      ['google-oauth2|eve-g', 'begun'],
    ])
      appendFileSync(folder.journal, `${JSON.stringify({ ...line, pair, step })}\n`)
    await ask()
    expect(
      jsonLines(folder.journal).filter(({ act, pair }) => act === 'ask' && /(ann|eve)-g/.test(pair)),
    ).toEqual([])
  })

  it('asks only the accounts in the plan with --plan', async () => {
    const { ask, run, write, folder } = await scanned()
    const rule = { connections: { stays: ['auth0'], ends: ['github'] }, most_accounts: 3, because: 'test' }
    await run('plan', '--rule', write('rule.json', JSON.stringify(rule)))
    await ask('--plan')
    expect(jsonLines(folder.journal).map(({ pair, primary }) => `${pair} ${primary}`)).toEqual([
      'auth0|bea auth0|bea',
      'github|bea-h auth0|bea',
    ])
  })

  it('changes nothing if only people themselves may write to their accounts', async () => {
    const { ask } = await scanned()
    vi.stubEnv('LINKING_AUTHORITY', 'user')
    const before = tenant.calls().length
    expect(await ask()).toEqual({ status: 3, output: expect.stringMatching(/^environment_unusable: /) })
    expect(tenant.calls()).toHaveLength(before)
  })

  it('stops if the tenant refuses every write', async () => {
    for (const id of tenant.state.users.keys()) mark(id, { looked: LOOKED })
    const { ask } = await scanned()
    tenant.grant('read:users')
    const { status, output } = await ask()
    expect([status, output]).toEqual([2, expect.stringContaining('missing_scope')])
    expect(writes().length).toBeLessThan(tenant.state.users.size)
  })
})
