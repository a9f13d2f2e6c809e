import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Folder } from '@/operator/duplicates/folder'
import { main } from '@/operator/duplicates/main'
import { atTenant } from '../../lib/sign-in-methods/at-tenant'
import { aFolder, aPlan, journalOf, type PlannedGroup } from './a-plan'
import { worldOf } from './a-world'

const tenant = await atTenant()
const ANN: PlannedGroup = ['auth0|ann', 'google-oauth2|ann-g']
const BEA: PlannedGroup = ['auth0|bea', 'google-oauth2|bea-g', 'github|bea-h']

beforeEach(() => {
  vi.stubEnv('OPERATOR_LINKS', 'on')
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  tenant.state.changeOptions({ rate_limit: { burst: 100_000, per_second: 100_000 } })
})

const said = () => vi.mocked(console.error).mock.calls.flat().join('\n')
const readUser = async (id: string) => structuredClone(tenant.state.users.get(id))
const run = (folder: Folder, ...args: string[]) => main([...args, '--out', folder.path])
const undoLines = (folder: Folder) =>
  journalOf(folder).flatMap(({ act, pair, step, code }) =>
    act === 'undo' && step !== 'begun' ? [`${pair} ${code ?? step}`] : [],
  )

/** Plans groups and links them. */
async function linked(...groups: PlannedGroup[]) {
  const folder = aFolder()
  const id = await aPlan(folder, groups, readUser)
  expect(await run(folder, 'apply', '--plan-id', id)).toBe(0)
  return folder
}

/** What `status --json` prints. */
async function statusOf(folder: Folder) {
  vi.mocked(console.log).mockClear()
  expect(await run(folder, 'status', '--json')).toBe(0)
  return JSON.parse(String(vi.mocked(console.log).mock.calls[0]?.[0]))
}

describe('undo', () => {
  it('restores all accounts, the newest link first', async () => {
    const before = worldOf(tenant)
    const folder = await linked(BEA)
    expect(await run(folder, 'undo')).toBe(0)
    expect(undoLines(folder)).toEqual(['github|bea-h undone', 'google-oauth2|bea-g undone'])
    expect(worldOf(tenant)).toEqual(before)
    expect(tenant.told().slice(-2)).toEqual(['account.restored', 'account.restored'])
  })

  it('undoes one pair with --pair, and only once', async () => {
    const folder = await linked(ANN, BEA)
    expect(await run(folder, 'undo', '--pair', 'google-oauth2|bea-g')).toBe(0)
    expect(undoLines(folder)).toEqual(['google-oauth2|bea-g undone'])
    expect(tenant.identities('auth0|bea')).toEqual(['auth0|bea', 'github|bea-h'])
    expect(tenant.identities('auth0|ann')).toEqual(ANN)
    expect(await run(folder, 'undo', '--pair', 'google-oauth2|bea-g')).toBe(3)
    expect(said()).toContain('not_found: ')
  })

  it('does not offer the pair again, at a login or in another plan', async () => {
    const folder = await linked(ANN)
    await run(folder, 'undo')
    expect(JSON.stringify(tenant.user('auth0|ann').app_metadata)).toContain('declined')
  })

  it('skips a pair that the person has disconnected, and says so', async () => {
    const folder = await linked(ANN)
    const ann = tenant.user('auth0|ann')
    ann.identities.splice(1)
    expect(await run(folder, 'undo')).toBe(1)
    expect(undoLines(folder)).toEqual(['google-oauth2|ann-g taken_apart'])
    expect(said()).toContain('taken_apart 1')
    expect(await run(folder, 'undo')).toBe(0)
  })

  it('skips a pair that the person has linked again at a login', async () => {
    const folder = await linked(ANN)
    const { app_metadata } = tenant.user('auth0|ann')
    for (const value of Object.values(app_metadata ?? {}))
      if (Object(value).proof) Object(value).proof.way = 'login'
    expect(await run(folder, 'undo')).toBe(1)
    expect(undoLines(folder)).toEqual(['google-oauth2|ann-g relinked'])
    expect(tenant.identities('auth0|ann')).toEqual(ANN)
  })

  it('undoes a link that a later plan refused as same_account', async () => {
    const folder = await linked(ANN)
    const user = tenant.user('auth0|ann')
    const apart = async (id: string) =>
      id === ANN[0]
        ? user
        : {
            ...user,
            user_id: id,
            identities: [{ provider: 'google-oauth2', user_id: 'ann-g', connection: 'google-oauth2' }],
          }
    expect(await run(folder, 'apply', '--plan-id', await aPlan(folder, [ANN], apart))).toBe(1)
    expect(journalOf(folder).at(-1)).toMatchObject({ act: 'apply', code: 'same_account' })
    expect(await run(folder, 'undo')).toBe(0)
    expect(tenant.identities('auth0|ann')).toEqual(['auth0|ann'])
  })

  it('is refused after UNDO_DAYS', async () => {
    const folder = await linked(ANN)
    vi.stubEnv('UNDO_DAYS', '1')
    vi.setSystemTime(Date.now() + 2 * 86_400_000)
    expect(await run(folder, 'undo')).toBe(1)
    expect(undoLines(folder)).toEqual(['google-oauth2|ann-g undo_over'])
  })

  it('lists the rights that it cannot restore', async () => {
    vi.stubEnv('FACTORS', 'drop')
    tenant.change('google-oauth2|ann-g', { rights: structuredClone(tenant.user('auth0|kit').rights) })
    const folder = await linked(ANN)
    expect(await run(folder, 'undo')).toBe(0)
    expect(said()).toContain('Not given back, with the number of pairs: factors passkey 1.')
    expect(journalOf(folder).at(-1)).toMatchObject({ step: 'undone', withheld: ['factors passkey'] })
  })

  it('is refused at another tenant, and in a folder without a plan', async () => {
    const folder = await linked(ANN)
    const before = tenant.calls().length
    vi.stubEnv('AUTH0_MANAGEMENT_DOMAIN', 'https://localhost:9')
    expect(await run(folder, 'undo')).toBe(3)
    expect(said()).toContain('other_tenant: ')
    expect(await run(aFolder(), 'undo')).toBe(3)
    expect(said()).toContain('no_plan: ')
    expect(tenant.calls()).toHaveLength(before)
  })

  it('is tried again if the tenant did not answer', async () => {
    const folder = await linked(ANN)
    tenant.play({ match: { method: 'DELETE', path: '/identities' }, effect: { status: 503 }, times: 9 })
    expect(await run(folder, 'undo')).toBe(1)
    tenant.mend()
    expect(await run(folder, 'undo')).toBe(0)
    expect(tenant.identities('auth0|ann')).toEqual(['auth0|ann'])
  })
})

describe('status', () => {
  it('counts pairs by state, and those that wait', async () => {
    const folder = aFolder()
    tenant.change('google-oauth2|eve-g', { blocked: true })
    const groups: PlannedGroup[] = [ANN, ['auth0|eve', 'google-oauth2|eve-g'], BEA]
    const plan_id = await aPlan(folder, groups, readUser)
    expect(await statusOf(folder)).toMatchObject({ plan_id, linkable: 4, waiting: 4, linked: 0, calls: 0 })
    await run(folder, 'apply', '--plan-id', plan_id, '--limit', '2')
    expect(await statusOf(folder)).toMatchObject({
      waiting: 2,
      linked: 1,
      undone: 0,
      begun: 0,
      refused: { blocked: 1 },
    })
    await run(folder, 'apply', '--plan-id', plan_id)
    await run(folder, 'undo', '--pair', 'google-oauth2|ann-g')
    const { calls, ...counts } = await statusOf(folder)
    expect(counts).toMatchObject({ waiting: 0, linked: 2, undone: 1, begun: 0, refused: { blocked: 1 } })
    expect(calls).toBe(tenant.calls().length)
  })

  it('prints a sentence without --json, even if there is no plan', async () => {
    expect(await run(aFolder(), 'status')).toBe(0)
    expect(vi.mocked(console.log).mock.calls.flat().join('\n')).toContain('There is no plan here.')
  })
})
