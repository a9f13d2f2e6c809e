import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { bookkeeping, canUndo, giveBack, isOver, planReturn } from '@/lib/accounts/return-account'
import { snapshotOf } from '@/lib/accounts/snapshots'
import type { Account } from '@/lib/auth0/account'
import type { ManagementApi, UserPatch } from '@/lib/auth0/management-api'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import {
  addToJournal,
  hash12,
  hashOwn,
  NEVER,
  pairKey,
  parseJournal,
  type Snapshot,
  snapshotKeyOf,
} from '@/lib/linking'
import { anAccount } from '../../support/accounts'
import { APP_ENVIRONMENT } from '../../support/app-environment'
import { aSnapshot, LINKED_AT } from './a-snapshot'
import { configure, configurePolicy } from './configure'

const DAY = 86_400
const NOW = LINKED_AT + DAY
const OTHER = 'google-oauth2|ann-g'
beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

/** Ann's account right after her Google account was taken out of it. */
async function annAfter(fields: Parameters<typeof aSnapshot>[0] = {}, own: { user_metadata?: object } = {}) {
  const snapshot = await aSnapshot({ own: await hashOwn({ plan: 'team' }), ...fields })
  const primary = anAccount({
    user_metadata: { theme: 'dark', newsletter: true, ...own.user_metadata },
    app_metadata: { plan: 'team', ...snapshot },
  })
  return { primary, stored: await snapshotOf(primary, OTHER) }
}

/** Runs a return; tells the calls that were made, in order. */
async function returning(
  event: Parameters<typeof giveBack>[4],
  { primary, stored }: Awaited<ReturnType<typeof annAfter>>,
  has: { user_metadata?: object; app_metadata?: object } = {},
  fails: (call: string) => Error | undefined = () => undefined,
) {
  const calls: [string, UserPatch?][] = []
  const play = (call: string, patch?: UserPatch) => {
    calls.push(patch ? [call, patch] : [call])
    const error = fails(call)
    if (error) throw error
  }
  const api = {
    getUser: async (id: string): Promise<Account> => {
      play(`read ${id}`)
      return anAccount({ user_id: id, ...has })
    },
    patchUser: async (id: string, patch: UserPatch) => play(`write ${id}`, JSON.parse(JSON.stringify(patch))),
  } as unknown as ManagementApi
  const work = giveBack(api, primary, OTHER, stored, event)
  const plan = await work.catch((error: Error) => error)
  return { calls, plan }
}

describe('giveBack', () => {
  it('gives first, then takes and notes, in two writes', async () => {
    const { calls } = await returning('unlinked', await annAfter())
    expect(calls).toEqual([
      [`read ${OTHER}`],
      [`write ${OTHER}`, { user_metadata: { newsletter: true, theme: 'light' } }],
      [
        'write auth0|ann',
        {
          user_metadata: { newsletter: null },
          app_metadata: {
            [await snapshotKeyOf(OTHER)]: null,
            account_linking: {
              declined: {
                [await pairKey('auth0|ann', OTHER)]: { until: NEVER, at: NOW, client: 'Example Inc' },
              },
            },
            account_linking_journal: {
              entries: [
                ['linked', LINKED_AT, await hash12(OTHER), 'google-oauth2', 'settings', 'Example Inc'],
                ['unlinked', NOW, await hash12(OTHER), 'google-oauth2', 'settings', 'Example Inc'],
              ],
            },
          },
        },
      ],
    ])
  })

  it('never writes over what the account has by now', async () => {
    const has = { user_metadata: { theme: 'blue', newsletter: false }, app_metadata: { plan: 'mine' } }
    const { calls } = await returning('restored', await annAfter(), has)
    expect(calls.map(([call]) => call)).toEqual([`read ${OTHER}`, 'write auth0|ann'])
    const some = await returning('restored', await annAfter(), { user_metadata: { theme: '' } })
    expect(some.calls[1]).toEqual([
      `write ${OTHER}`,
      { user_metadata: { newsletter: true }, app_metadata: { plan: 'free' } },
    ])
  })

  it('sends no empty object, which would clear the whole field', async () => {
    const { calls } = await returning('unlinked', await annAfter({ carried: undefined, kept: undefined }))
    expect(calls).toHaveLength(2)
    expect(calls[1]?.[1]).not.toHaveProperty('user_metadata')
  })

  it('takes nothing where it could not give', async () => {
    const lost = new ManagementApiError('tenant_unreachable', 503)
    const fails = (call: string) => (call === `write ${OTHER}` ? lost : undefined)
    const { calls, plan } = await returning('unlinked', await annAfter(), {}, fails)
    expect(plan).toBe(lost)
    expect(calls.map(([call]) => call)).toEqual([`read ${OTHER}`, `write ${OTHER}`])
  })

  it('writes nothing at all where the account is not there', async () => {
    const gone = new ManagementApiError('not_found', 404)
    const fails = (call: string) => (call === `read ${OTHER}` ? gone : undefined)
    const { calls, plan } = await returning('unlinked', await annAfter(), {}, fails)
    expect(plan).toBe(gone)
    expect(calls).toHaveLength(1)
  })

  it.each([
    ['unlinked', {}],
    ['restored', { plan: 'free' }],
    [undefined, {}],
  ] as const)('of app metadata, %s gives back %j', async (event, app_metadata) => {
    const { calls } = await returning(event, await annAfter())
    expect(calls[1]?.[1]?.app_metadata ?? {}).toEqual(app_metadata)
  })

  it('gives back of it, always, what the operator lets be carried', async () => {
    configurePolicy({ appMetadataKeys: ['plan'] })
    const { calls } = await returning('unlinked', await annAfter())
    expect(calls[1]?.[1]?.app_metadata).toEqual({ plan: 'free' })
  })

  it('takes of app metadata, too, what only came from there', async () => {
    const carried = { user_metadata: {}, app_metadata: { crm: await hash12('"C-2"') } }
    const { primary, stored } = await annAfter({ carried })
    primary.app_metadata.crm = 'C-2'
    const { calls } = await returning('unlinked', { primary, stored })
    expect(calls[1]?.[1]?.app_metadata).toEqual({ crm: 'C-2' })
    expect(calls[2]?.[1]?.app_metadata).toMatchObject({ crm: null })
  })

  it('leaves with the account what was changed since, and says so', async () => {
    const { calls, plan } = await returning(
      'restored',
      await annAfter({}, { user_metadata: { newsletter: 'weekly' } }),
    )
    expect(plan).toMatchObject({ changed: ['newsletter'] })
    expect(calls[1]?.[1]?.user_metadata).toEqual({ theme: 'light' })
    expect(calls[2]?.[1]).not.toHaveProperty('user_metadata')
  })

  it('notes nothing where the link was never made or was ended by other means', async () => {
    const { calls } = await returning(undefined, await annAfter())
    expect(calls[2]?.[1]).toEqual({
      user_metadata: { newsletter: null },
      app_metadata: { [await snapshotKeyOf(OTHER)]: null },
    })
  })

  it('notes the end of a link that was made by other means', async () => {
    const { calls } = await returning('unlinked', { primary: anAccount(), stored: undefined })
    expect(calls).toHaveLength(2)
    expect(calls[1]?.[1]?.app_metadata).toMatchObject({
      account_linking_journal: {
        entries: [['unlinked', NOW, await hash12(OTHER), 'google-oauth2', 'settings', 'Example Inc']],
      },
    })
  })
})

describe('bookkeeping', () => {
  it('happens when the return began, not when it went on', async () => {
    const { primary, stored } = await annAfter({ returning: { at: NOW - 900, undo: false } })
    const app_metadata = await bookkeeping(primary, OTHER, stored, 'unlinked')
    expect(parseJournal({ app_metadata }).at(-1)?.at).toBe(NOW - 900)
    expect(Object.values(Object(app_metadata.account_linking).declined)).toMatchObject([{ at: NOW - 900 }])
  })

  it('keeps what else is noted, but for what was looked at', async () => {
    const { stored } = await annAfter()
    const journal = addToJournal({ app_metadata: {} }, [
      { event: 'linked', at: 5, identity: 'x', provider: 'github', way: 'login', client: 'Shop' },
    ])
    const marks = { looked: { until: NEVER, key: 'k' }, declined: { other: { until: 1, at: 1 } } }
    const primary = anAccount({ app_metadata: { account_linking: marks, account_linking_journal: journal } })
    const app_metadata = await bookkeeping(primary, OTHER, stored, 'restored')
    expect(parseJournal({ app_metadata }).map(({ event }) => event)).toEqual(['linked', 'linked', 'restored'])
    expect(app_metadata.account_linking).toMatchObject({
      declined: { other: { until: 1, at: 1 } },
      looked: undefined,
    })
  })

  it('names the application of the link by its id where it has no name', async () => {
    const { primary, stored } = await annAfter({ proof: { way: 'login', client_id: 'shop' } })
    const app_metadata = await bookkeeping(primary, OTHER, stored, 'unlinked')
    expect(parseJournal({ app_metadata })[0]).toMatchObject({ event: 'linked', way: 'login', client: 'shop' })
  })
})

describe('the names that bookkeeping keeps', () => {
  it('are cut where they are long, because there is little room', async () => {
    const { primary, stored } = await annAfter({
      proof: { way: 'login', client_id: 'shop', client_name: 'x'.repeat(200) },
    })
    const app_metadata = await bookkeeping(primary, OTHER, stored, 'unlinked')
    expect(parseJournal({ app_metadata })[0]?.client).toBe('x'.repeat(30))
  })
})

describe('planReturn', () => {
  it('is all of it for an undo, and what the rules allow otherwise', async () => {
    const { primary, stored } = await annAfter()
    expect(await planReturn(primary, stored, true)).toMatchObject({ heldBack: [] })
    expect(await planReturn(primary, stored, false)).toMatchObject({ heldBack: ['plan'] })
    expect(await planReturn(primary, undefined, true)).toMatchObject({ heldBack: [], changed: [] })
  })
})

describe('the time for an undo', () => {
  it.each([
    [30 * DAY, 30 * DAY - 1, true],
    [30 * DAY, 30 * DAY, false],
    [DAY, DAY, false],
    [0, 3650 * DAY, true],
  ])('of %d seconds, %d seconds after the link: %s', (undoPeriod, age, expected) => {
    configure({ undoPeriod })
    vi.setSystemTime((LINKED_AT + age) * 1000)
    expect(isOver(LINKED_AT)).toBe(!expected)
    const snapshot = { at: LINKED_AT, kept: { user_metadata: {}, app_metadata: {} } } as unknown as Snapshot
    expect(canUndo({ key: '', snapshot })).toBe(expected)
  })

  it('is over where nothing is kept any more', async () => {
    const { stored } = await annAfter({ kept: undefined, carried: undefined })
    expect(stored && canUndo(stored)).toBe(false)
  })
})
