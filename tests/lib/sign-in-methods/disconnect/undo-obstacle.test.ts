import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { undoObstacle } from '@/lib/sign-in-methods/disconnect/undo-obstacle'
import { snapshotOf } from '@/lib/sign-in-methods/snapshots'
import { anAccount } from '../../../support/builders/accounts'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'
import { configure, services } from '../../../support/process/page-services'
import { aSnapshot, LINKED_AT } from '../a-snapshot'

const DAY = 86_400
const OTHER = 'google-oauth2|ann-g'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'], now: LINKED_AT * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

const obstacleWith = async (app_metadata: object) => {
  const account = anAccount({ app_metadata })
  return undoObstacle(services(), account, OTHER, await snapshotOf(account, OTHER))
}

describe('undoObstacle', () => {
  it.each([
    [30 * DAY, 30 * DAY - 1, undefined],
    [30 * DAY, 30 * DAY, 'over'],
    [DAY, DAY, 'over'],
    [0, 3650 * DAY, undefined],
  ])('with a period of %d seconds, %d seconds after the link: %s', async (undoPeriod, age, expected) => {
    configure({ undoPeriod })
    vi.setSystemTime((LINKED_AT + age) * 1000)
    expect(await obstacleWith(await aSnapshot())).toBe(expected)
  })

  it('reports that the kept metadata was deleted', async () => {
    configure({ undoPeriod: 30 * DAY })
    expect(await obstacleWith(await aSnapshot({ kept: undefined, carried: undefined }))).toBe(
      'kept_data_deleted',
    )
  })

  it('reports a missing snapshot, even if other identities have one', async () => {
    expect(await obstacleWith({})).toBe('no_snapshot')
    expect(await obstacleWith(await aSnapshot({ user_id: 'github|else' }))).toBe('no_snapshot')
  })

  it('reports a value that is no snapshot, or one of another identity', async () => {
    const [key = ''] = Object.keys(await aSnapshot())
    expect(await obstacleWith({ [key]: { at: 'yesterday' } })).toBe('snapshot_unreadable')
    expect(await obstacleWith({ [`${key}_`]: { at: 'yesterday' } })).toBe('snapshot_unreadable')
    expect(await obstacleWith(await aSnapshot({ user_id: 'github|else' }, key))).toBe('snapshot_unreadable')
  })

  it('reports that another program made the link', async () => {
    const proof = { way: 'foreign', client_id: '' }
    expect(await obstacleWith(await aSnapshot({ proof, kept: undefined, carried: undefined }))).toBe(
      'made_by_others',
    )
  })

  it('reports that links with a person’s own token have no snapshot', async () => {
    configure({ linkingAuthority: 'user' })
    expect(await obstacleWith(await aSnapshot())).toBe('cannot_write')
  })
})
