import { beforeEach, describe, expect, it, vi } from 'vitest'
import { main } from '@/operator/duplicates/main'
import { atTenant } from '../../lib/sign-in-methods/at-tenant'
import { aFolder, aPlan, journalOf, type PlannedGroup } from './a-plan'

const tenant = await atTenant()
const ANN: PlannedGroup = ['auth0|ann', 'google-oauth2|ann-g']

beforeEach(() => {
  vi.stubEnv('OPERATOR_LINKS', 'on')
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  // So many that the pace keeps no test waiting.
  tenant.state.changeOptions({ rate_limit: { burst: 100_000, per_second: 100_000 } })
})

const said = () => vi.mocked(console.error).mock.calls.flat().join('\n')
const readUser = async (id: string) => structuredClone(tenant.state.users.get(id))

describe('apply', () => {
  it('links a pair, and undo takes it back', async () => {
    const before = structuredClone(tenant.user('auth0|ann'))
    const folder = aFolder()
    const id = await aPlan(folder, [ANN], readUser)
    expect([await main(['apply', '--plan-id', id, '--out', folder.path]), said()]).toEqual([
      0,
      expect.anything(),
    ])
    expect(tenant.identities('auth0|ann')).toEqual(['auth0|ann', 'google-oauth2|ann-g'])
    expect(tenant.told()).toEqual(['account.linked'])
    expect(journalOf(folder).map(({ step }) => step)).toEqual(['begun', 'linked'])
    console.info(tenant.calls())
    expect(await main(['undo', '--out', folder.path])).toBe(0)
    console.info(tenant.calls(), said(), before)
    expect(tenant.identities('auth0|ann')).toEqual(['auth0|ann'])
    expect(await main(['status', '--json', '--out', folder.path])).toBe(0)
    console.info(vi.mocked(console.log).mock.calls.flat().join('\n'))
  })
})
