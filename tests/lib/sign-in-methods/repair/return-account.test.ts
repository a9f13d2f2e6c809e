import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  addToJournal,
  hash12,
  hashOperatorMetadata,
  type Metadata,
  NEVER,
  pairKey,
  parseJournal,
  snapshotKeyOf,
} from '@/core'
import type { Account } from '@/lib/auth0/account'
import type { UserPatch } from '@/lib/auth0/account-api'
import type { ManagementApi } from '@/lib/auth0/management-api'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { noteOnly, type UnlinkRecord } from '@/lib/sign-in-methods/repair/link-end'
import { planReturn, restoreUnlinkedAccount } from '@/lib/sign-in-methods/repair/return-account'
import { type StoredSnapshot, snapshotOf } from '@/lib/sign-in-methods/snapshots'
import { anAccount } from '../../../support/builders/accounts'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'
import { configurePolicy, services } from '../../../support/process/page-services'
import { aSnapshot, LINKED_AT } from '../a-snapshot'

const DAY = 86_400
const NOW = LINKED_AT + DAY
const OTHER = 'google-oauth2|ann-g'
const NOTHING = { user_metadata: {}, app_metadata: {} }
beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

const heldKey = async () => `account_linking_held_${await hash12(OTHER)}`

/** Ann's account right after her Google account was unlinked from it. */
async function annAfter(fields: Parameters<typeof aSnapshot>[0] = {}, own: { user_metadata?: object } = {}) {
  const snapshot = await aSnapshot({ own: await hashOperatorMetadata({ plan: 'team' }, 1), ...fields })
  const primary = anAccount({
    user_metadata: { theme: 'dark', newsletter: true, ...own.user_metadata },
    app_metadata: { plan: 'team', ...snapshot },
  })
  const stored = await snapshotOf(primary, OTHER)
  if (!stored) throw new Error('there is no snapshot')
  return { primary, stored }
}

/** The record of an unlink that was made now, in some session. */
const end = (event: UnlinkRecord['event']): UnlinkRecord => ({
  event,
  at: NOW,
  before: NOW + 1,
  change: { by: 'a-session', ending: undefined },
})

/** A Management API that records its calls. `fails` decides which calls throw, `stored` what a write returns. */
function recorded(
  has: { user_metadata?: object; app_metadata?: object } = {},
  fails: (call: string) => Error | undefined = () => undefined,
  stored: (id: string, patch: UserPatch) => UserPatch = (_id, patch) => ({
    user_metadata: { ...has.user_metadata, ...patch.user_metadata },
    app_metadata: { ...has.app_metadata, ...patch.app_metadata },
  }),
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
    patchUser: async (id: string, patch: UserPatch) => {
      play(`write ${id}`, JSON.parse(JSON.stringify(patch)))
      return { user_id: id, identities: [], ...stored(id, patch) }
    },
  } as unknown as ManagementApi
  return { api, calls }
}

/** Runs a restore, and returns the calls in order and the error, if any. */
async function returning(
  event: UnlinkRecord['event'] | undefined,
  { primary, stored }: Awaited<ReturnType<typeof annAfter>>,
  ...answers: Parameters<typeof recorded>
) {
  const { api, calls } = recorded(...answers)
  const work = restoreUnlinkedAccount(services(), api, primary, OTHER, stored, event && end(event))
  return { calls, error: await work.catch((error: Error) => error) }
}

/** The metadata that records the end of a link from which nothing is restored. */
async function noted(
  primary: Account,
  stored: StoredSnapshot | undefined,
  event: UnlinkRecord,
): Promise<Metadata> {
  const { api, calls } = recorded()
  await noteOnly(services(), api, primary, OTHER, stored, event)
  const [[call, patch] = []] = calls
  expect(calls).toHaveLength(1)
  expect(call).toBe('write auth0|ann')
  return { ...patch?.app_metadata } as Metadata
}

describe('restoreUnlinkedAccount', () => {
  it('first restores the unlinked account, then cleans up and records that, in two writes', async () => {
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
              changed: { at: NOW, by: 'a-session', before: NOW + 1 },
            },
            [await heldKey()]: {
              v: 2,
              at: NOW,
              user_id: OTHER,
              user_metadata: {},
              app_metadata: { plan: 'free' },
            },
            account_linking_journal: {
              entries: [
                ['linked', LINKED_AT, await hash12(OTHER), 'google-oauth2', 'settings', 'Example Inc'],
                [
                  'unlinked',
                  NOW,
                  await hash12(OTHER),
                  'google-oauth2',
                  'settings',
                  'Example Inc',
                  NOW + 1,
                  'a-session',
                ],
              ],
            },
          },
        },
      ],
    ])
  })

  it.each([
    ['nothing', () => ({})],
    ['only a part', () => ({ user_metadata: { theme: 'light' } })],
  ])('removes nothing if the response shows that %s of it was stored', async (_what, stored) => {
    const { calls, error } = await returning('unlinked', await annAfter(), {}, undefined, stored)
    expect(error).toMatchObject({ code: 'management_failed' })
    expect(calls.map(([call]) => call)).toEqual([`read ${OTHER}`, `write ${OTHER}`])
  })

  it('never overwrites what the unlinked account has by now', async () => {
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

  it.each([
    ['a response without it', 86_400, () => ({}), undefined],
    ['a refusal', 86_400, undefined, new ManagementApiError('management_failed', 400)],
    ['no response', 30 * 86_400, undefined, new ManagementApiError('tenant_unreachable', 503)],
  ] as const)(
    'withholds metadata that the tenant has not stored for so long: %s',
    async (_what, after, stored, error) => {
      const { primary, stored: kept } = await annAfter()
      const fails = (call: string) => (call === `write ${OTHER}` ? error : undefined)
      const run = async (age: number) => {
        const { api, calls } = recorded({}, fails, stored)
        const over = { event: 'unlinked' as const, at: NOW - age }
        const failure = await restoreUnlinkedAccount(services(), api, primary, OTHER, kept, over).catch(
          (caught: Error) => caught,
        )
        return { calls, failure }
      }
      expect((await run(after - 1)).failure).toBeInstanceOf(ManagementApiError)
      const { calls, failure } = await run(after)
      expect(failure).toBeUndefined()
      expect(Object(calls.at(-1)?.[1]?.app_metadata)).toMatchObject({
        [await snapshotKeyOf(OTHER)]: null,
        [await heldKey()]: {
          user_metadata: { theme: 'light', newsletter: true },
          app_metadata: { plan: 'free' },
        },
      })
    },
  )

  it('keeps trying while only a scope is missing', async () => {
    const missing = new ManagementApiError('missing_scope', 403)
    const fails = (call: string) => (call === `write ${OTHER}` ? missing : undefined)
    const { primary, stored } = await annAfter()
    const { api } = recorded({}, fails)
    const over = { event: 'unlinked' as const, at: NOW - 2 * DAY }
    await expect(restoreUnlinkedAccount(services(), api, primary, OTHER, stored, over)).rejects.toBe(missing)
  })

  it('removes nothing from the primary account if the restore failed', async () => {
    const lost = new ManagementApiError('tenant_unreachable', 503)
    const fails = (call: string) => (call === `write ${OTHER}` ? lost : undefined)
    const { calls, error } = await returning('unlinked', await annAfter(), {}, fails)
    expect(error).toBe(lost)
    expect(calls.map(([call]) => call)).toEqual([`read ${OTHER}`, `write ${OTHER}`])
  })

  it('writes nothing if the unlinked account does not exist', async () => {
    const gone = new ManagementApiError('not_found', 404)
    const fails = (call: string) => (call === `read ${OTHER}` ? gone : undefined)
    const { calls, error } = await returning('unlinked', await annAfter(), {}, fails)
    expect(error).toBe(gone)
    expect(calls).toHaveLength(1)
  })

  it.each([
    ['unlinked', {}],
    ['restored', { plan: 'free' }],
    [undefined, {}],
  ] as const)('restores app metadata for the event %s: %j', async (event, app_metadata) => {
    const { calls } = await returning(event, await annAfter())
    expect(calls[1]?.[1]?.app_metadata ?? {}).toEqual(app_metadata)
  })

  it('always restores app metadata whose keys the operator allows', async () => {
    configurePolicy({ appMetadataKeys: ['plan'] })
    const { calls } = await returning('unlinked', await annAfter())
    expect(calls[1]?.[1]?.app_metadata).toEqual({ plan: 'free' })
  })

  it('removes app metadata, too, that came only from the unlinked account', async () => {
    const kept = { user_metadata: {}, app_metadata: { crm: 'C-2' } }
    const { primary, stored } = await annAfter({
      kept,
      carried: { user_metadata: [], app_metadata: ['crm'] },
    })
    primary.app_metadata.crm = 'C-2'
    const { calls } = await returning('unlinked', { primary, stored })
    expect(calls[1]?.[1]?.app_metadata).toEqual({ crm: 'C-2' })
    expect(calls[2]?.[1]?.app_metadata).toMatchObject({ crm: null })
  })

  it('leaves changed values in the primary account, and restores the originals', async () => {
    const { calls } = await returning(
      'restored',
      await annAfter({}, { user_metadata: { newsletter: 'weekly' } }),
    )
    expect(calls[1]?.[1]?.user_metadata).toEqual({ theme: 'light', newsletter: true })
    expect(calls[2]?.[1]).not.toHaveProperty('user_metadata')
  })

  it('keeps withheld metadata beside that withheld before, except what the unlinked account has by now', async () => {
    const kept = { user_metadata: { 'a.b': 1 }, app_metadata: { plan: 'free', trial: 1, role: 'x' } }
    const { primary, stored } = await annAfter({ kept, carried: undefined })
    const before = {
      at: 5,
      user_id: OTHER,
      user_metadata: { '100%': 2 },
      app_metadata: { crm: 'C-1', trial: 0 },
    }
    primary.app_metadata[await heldKey()] = before
    const { calls } = await returning('unlinked', { primary, stored }, { app_metadata: { role: 'mine' } })
    expect(Object(calls.at(-1)?.[1]?.app_metadata)[await heldKey()]).toEqual({
      v: 2,
      at: NOW,
      user_id: OTHER,
      user_metadata: { 'a%2Eb': 1, '100%25': 2 },
      app_metadata: { crm: 'C-1', plan: 'free', trial: 1 },
    })
  })

  it('keeps nothing if everything was restored', async () => {
    const { calls } = await returning('restored', await annAfter())
    expect(calls.at(-1)?.[1]?.app_metadata).not.toHaveProperty(await heldKey())
  })

  it('records nothing if the link was never made or another program ended it', async () => {
    const { calls } = await returning(
      undefined,
      await annAfter({ kept: { user_metadata: { newsletter: true }, app_metadata: {} } }),
    )
    expect(calls[2]?.[1]).toEqual({
      user_metadata: { newsletter: null },
      app_metadata: { [await snapshotKeyOf(OTHER)]: null },
    })
  })
})

describe('noteOnly', () => {
  it('records the end of a link that another program made', async () => {
    const app_metadata = await noted(anAccount(), undefined, end('unlinked'))
    expect(app_metadata).toMatchObject({
      account_linking_journal: {
        entries: [
          [
            'unlinked',
            NOW,
            await hash12(OTHER),
            'google-oauth2',
            'settings',
            'Example Inc',
            NOW + 1,
            'a-session',
          ],
        ],
      },
    })
    expect(Object.keys(app_metadata)).toHaveLength(2)
  })

  it('deletes the snapshot, because nothing is restored from it', async () => {
    const { primary, stored } = await annAfter()
    expect(await noted(primary, stored, end('unlinked'))).toMatchObject({
      [await snapshotKeyOf(OTHER)]: null,
    })
  })

  it('records when the link ended, not when that is recorded', async () => {
    const { primary, stored } = await annAfter()
    const app_metadata = await noted(primary, stored, { event: 'unlinked', at: NOW - 900 })
    expect(parseJournal({ app_metadata }).at(-1)?.at).toBe(NOW - 900)
    expect(Object.values(Object(app_metadata.account_linking).declined)).toMatchObject([{ at: NOW - 900 }])
    expect(app_metadata.account_linking).not.toHaveProperty('changed')
  })

  it('keeps other marks except that of the last lookup', async () => {
    const { stored } = await annAfter()
    const journal = addToJournal({ app_metadata: {} }, [
      { event: 'linked', at: 5, identity: 'x', provider: 'github', way: 'login', client: 'Shop' },
    ])
    const marks = { looked: { until: NEVER, key: 'k' }, declined: { other: { until: 1, at: 1 } } }
    const primary = anAccount({ app_metadata: { account_linking: marks, account_linking_journal: journal } })
    const app_metadata = await noted(primary, stored, end('restored'))
    expect(parseJournal({ app_metadata }).map(({ event }) => event)).toEqual(['linked', 'linked', 'restored'])
    expect(app_metadata.account_linking).toMatchObject({ declined: { other: { until: 1, at: 1 } } })
    expect(app_metadata.account_linking).not.toHaveProperty('looked')
  })

  it("uses the application's id if it has no name", async () => {
    const { primary, stored } = await annAfter({ proof: { way: 'login', client_id: 'shop' } })
    const app_metadata = await noted(primary, stored, end('unlinked'))
    expect(parseJournal({ app_metadata })[0]).toMatchObject({ event: 'linked', way: 'login', client: 'shop' })
  })

  it('cuts long names, because there is little room', async () => {
    const { primary, stored } = await annAfter({
      proof: { way: 'login', client_id: 'shop', client_name: 'x'.repeat(200) },
    })
    const app_metadata = await noted(primary, stored, end('unlinked'))
    expect(parseJournal({ app_metadata })[0]?.client).toBe('x'.repeat(30))
  })
})

describe('planReturn', () => {
  it('restores everything for an undo, and what the rules allow otherwise', async () => {
    const { primary, stored } = await annAfter()
    expect(await planReturn(services(), primary, stored, true)).toMatchObject({ heldBack: NOTHING })
    expect(await planReturn(services(), primary, stored, false)).toMatchObject({
      heldBack: { ...NOTHING, app_metadata: { plan: 'free' } },
    })
    expect(await planReturn(services(), primary, undefined, true)).toMatchObject({
      heldBack: NOTHING,
      changed: [],
    })
  })
})
