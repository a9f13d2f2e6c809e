import { describe, expect, it, vi } from 'vitest'
import { hash12, hashOperatorMetadata, parseJournal, type Snapshot, snapshotKeyOf } from '@/core'
import { repairAccount } from '@/lib/sign-in-methods/repair/repair-account'
import type { SignInServices } from '@/lib/sign-in-methods/services'
import { memoryStore } from '@/lib/store/memory-store'
import { configure, services } from '../../../support/process/page-services'
import { now } from '../a-session'
import { aSnapshot, GOOGLE } from '../a-snapshot'
import { atTenant } from '../at-tenant'

const tenant = await atTenant()
const OTHER = 'google-oauth2|ann-g'
const DAY = 86_400

/** What Ann's account says about her Google account when she views the page. Ages are in seconds. */
interface View {
  isLinked: boolean
  age: number
  returning?: { age: number; undo: boolean }
  snapshot?: Parameters<typeof aSnapshot>[0]
}

/**
 * Views the page, and returns the calls that the repair made.
 *
 * @param meanwhile - Runs after the account was read.
 */
async function view(
  { isLinked, age, returning, snapshot }: View,
  meanwhile: () => unknown = () => undefined,
  more: Partial<SignInServices> = {},
) {
  const ann = tenant.user('auth0|ann')
  const begun = returning && { at: now() - returning.age, undo: returning.undo }
  Object.assign(ann.app_metadata, await aSnapshot({ at: now() - age, returning: begun, ...snapshot }))
  ann.user_metadata.newsletter = true
  const other = tenant.user(OTHER)
  Object.assign(other, { user_metadata: {}, app_metadata: {} })
  if (isLinked) {
    tenant.state.users.delete(OTHER)
    tenant.attach('auth0|ann', { ...GOOGLE, connection: 'google-oauth2' })
  }
  const account = await services().managementApi().getUser('auth0|ann')
  await meanwhile()
  const before = tenant.calls().length
  await repairAccount({ ...services(), ...more }, account)
  return tenant.calls().slice(before)
}
const stored = async () =>
  tenant.user('auth0|ann').app_metadata[await snapshotKeyOf(OTHER)] as Snapshot | undefined
const metadataOf = (id: string) => {
  const { user_metadata, app_metadata } = tenant.user(id)
  return { user_metadata, app_metadata }
}

describe('repairAccount', () => {
  it.each<[string, View]>([
    ['an existing link', { isLinked: true, age: 5 }],
    ['an existing link until the undo period is over', { isLinked: true, age: 30 * DAY - 5 }],
    [
      'an existing link whose snapshot keeps nothing any more',
      { isLinked: true, age: 31 * DAY, snapshot: { kept: undefined, carried: undefined } },
    ],
    ['a link that may still be made', { isLinked: false, age: 3595 }],
    ['an unlink in progress', { isLinked: false, age: 5000, returning: { age: 55, undo: false } }],
    [
      'an unlink that may still be made',
      { isLinked: true, age: 31 * DAY, returning: { age: 55, undo: true } },
    ],
  ])('does nothing about %s', async (_what, state) => {
    expect(await view(state)).toEqual([])
  })

  it.each<[string, number, View['returning'], string[]]>([
    ['a link that was not made within an hour', 3601, undefined, []],
    ['a link that was ended by other means', 40 * DAY, undefined, []],
    ['an interrupted unlink', 5000, { age: 61, undo: false }, ['linked', 'unlinked']],
    [
      'an unlink that was interrupted soon after its link',
      61,
      { age: 61, undo: false },
      ['linked', 'unlinked'],
    ],
    ['an interrupted undo', 5000, { age: 61, undo: true }, ['linked', 'restored']],
  ])('completes %s', async (_what, age, returning, noted) => {
    const calls = await view({
      isLinked: false,
      age,
      returning,
    })
    expect(calls).toEqual(['GET auth0|ann', `GET ${OTHER}`, `PATCH ${OTHER}`, 'PATCH auth0|ann'])
    expect(await stored()).toBeUndefined()
    expect(metadataOf(OTHER).user_metadata).toEqual({ theme: 'light', newsletter: true })
    expect(metadataOf('auth0|ann').user_metadata).not.toHaveProperty('newsletter')
    expect(parseJournal(tenant.user('auth0|ann')).map(({ event }) => event)).toEqual(noted)
  })

  it('restores app metadata for an undo only', async () => {
    const own = await hashOperatorMetadata(tenant.user('auth0|ann').app_metadata, 1)
    await view({ isLinked: false, age: 5000, snapshot: { own }, returning: { age: 61, undo: false } })
    expect(metadataOf(OTHER).app_metadata).toEqual({})
    tenant.state.reset()
    await view({ isLinked: false, age: 5000, snapshot: { own }, returning: { age: 61, undo: true } })
    expect(metadataOf(OTHER).app_metadata).toEqual({ plan: 'free' })
  })
  it('removes the mark of an unlink that was not made', async () => {
    expect(await view({ isLinked: true, age: 5000, returning: { age: 61, undo: false } })).toEqual([
      'GET auth0|ann',
      'PATCH auth0|ann',
    ])
    const left = await stored()
    expect(left).not.toHaveProperty('returning')
    expect(left).toMatchObject({ user_id: OTHER, kept: { user_metadata: { theme: 'light' } } })
  })

  it('keeps of a link only when and how it was made, after the undo period', async () => {
    const at = now() - 30 * DAY
    expect(await view({ isLinked: true, age: 30 * DAY })).toEqual(['GET auth0|ann', 'PATCH auth0|ann'])
    expect(await stored()).toEqual({
      at,
      user_id: OTHER,
      proof: { way: 'settings', client_id: 'demo-app', client_name: 'Example Inc' },
    })
    // The next view has nothing to repair.
    const before = tenant.calls().length
    await repairAccount(services(), await services().managementApi().getUser('auth0|ann'))
    expect(tenant.calls().slice(before)).toEqual(['GET auth0|ann'])
  })

  it('shortens a snapshot that has only hashes left', async () => {
    expect(await view({ isLinked: true, age: 31 * DAY, snapshot: { kept: undefined } })).toContain(
      'PATCH auth0|ann',
    )
  })

  it('keeps the snapshot forever if the operator configured that', async () => {
    configure({ undoPeriod: 0 })
    expect(await view({ isLinked: true, age: 3650 * DAY })).toEqual([])
  })

  it.each([
    [3700, false],
    [30 * DAY + 5, true],
  ])(
    'if the account is gone, %d seconds after the link, removes copied metadata, and deletes the snapshot: %s',
    async (age, isForgotten) => {
      await view({ isLinked: false, age }, () => tenant.state.users.delete(OTHER))
      expect((await stored()) === undefined).toBe(isForgotten)
      // Another account has linked that account, so the metadata copied from it does not belong to this account.
      expect(metadataOf('auth0|ann').user_metadata).toEqual({ theme: 'dark', language: 'en' })
      expect(tenant.logged()).toEqual([])
    },
  )

  it("removes metadata copied from a deleted account only once: later the same values are the account's own", async () => {
    await view({ isLinked: false, age: 3700 }, () => tenant.state.users.delete(OTHER))
    expect(await stored()).toMatchObject({
      kept: { user_metadata: { theme: 'light' } },
      carried: { user_metadata: [], app_metadata: [] },
    })
    tenant.user('auth0|ann').user_metadata.newsletter = true
    await repairAccount(services(), await services().managementApi().getUser('auth0|ann'))
    expect(metadataOf('auth0|ann').user_metadata).toHaveProperty('newsletter', true)
  })

  it('keeps encoded names unchanged when it removes copied metadata', async () => {
    await view({ isLinked: false, age: 3700 }, async () => {
      tenant.state.users.delete(OTHER)
      const key = await snapshotKeyOf(OTHER)
      const { kept, ...snapshot } = tenant.user('auth0|ann').app_metadata[key] as Snapshot
      const named = { user_metadata: { ...kept?.user_metadata, 'v1%2E2': 'x' }, app_metadata: {} }
      tenant.user('auth0|ann').app_metadata[key] = { ...snapshot, v: 2, kept: named }
    })
    expect(await stored()).toMatchObject({ v: 2, kept: { user_metadata: { 'v1%2E2': 'x' } } })
  })

  it.each([400, 403])(
    'keeps the snapshot if the tenant fails with %d, however old the snapshot is',
    async (status) => {
      await view({ isLinked: false, age: 31 * DAY }, () =>
        tenant.play({ match: { method: 'GET', path: 'google' }, effect: { status } }),
      )
      expect(await stored()).toMatchObject({ kept: { user_metadata: { theme: 'light' } } })
    },
  )

  it('reads the account again before it does anything', async () => {
    const calls = await view({ isLinked: false, age: 3700 }, async () => {
      delete tenant.user('auth0|ann').app_metadata[await snapshotKeyOf(OTHER)]
    })
    expect(calls).toEqual(['GET auth0|ann'])
    tenant.state.reset()
    const linkedMeanwhile = await view({ isLinked: false, age: 3700 }, () => {
      tenant.state.users.delete(OTHER)
      tenant.attach('auth0|ann', { ...GOOGLE, connection: 'google-oauth2' })
    })
    expect(linkedMeanwhile).toEqual(['GET auth0|ann'])
  })

  it.each(['auth0|ann', OTHER])(
    'waits for other work on %s, and then gives up without an error for the person',
    async (id) => {
      const lock = `lock:account:${await hash12(id)}`
      const calls = await view({ isLinked: false, age: 3700 }, async () => {
        await memoryStore.take(lock, 60, 'someone else')
        let look = 0
        // Each call advances the clock by three seconds.
        vi.spyOn(performance, 'now').mockImplementation(() => 3000 * ++look)
      })
      expect(calls).toEqual([])
      expect(tenant.logged()).toMatchObject([{ event: 'not_tidied', code: 'busy' }])
    },
  )

  it('never throws, and continues with the next snapshot', async () => {
    Object.assign(
      tenant.user('auth0|ann').app_metadata,
      await aSnapshot({ user_id: 'github|7', at: now() - 5000 }),
    )
    const calls = await view({ isLinked: false, age: 3700 }, () =>
      tenant.play(
        { match: { method: 'GET', path: 'github' }, effect: { status: 403 } },
        { match: { method: 'PATCH', path: 'google' }, effect: { status: 400 } },
      ),
    )
    expect(calls).toContain('GET github|7')
    expect(tenant.logged()).toMatchObject([
      { event: 'not_tidied', code: 'missing_scope' },
      { event: 'not_tidied', code: 'management_failed' },
    ])
    expect(await stored()).toBeDefined()
  })

  it("does nothing if links are made with the person's own token, which lacks the rights", async () => {
    configure({ linkingAuthority: 'user' })
    expect(await view({ isLinked: true, age: 31 * DAY })).toEqual([])
  })
})

describe('the adoption of a link', () => {
  const DATA = {
    ...{ adoption_id: 'a1', primary_user_id: 'auth0|ann', secondary_user_id: OTHER },
    ...{ way: 'settings', client_id: 'demo-app' },
  }
  const aState = (fields: Partial<View>, ended?: 'committed' | 'abandoned'): View => ({
    ...{ isLinked: true, age: 5000, ...fields },
    snapshot: { ...fields.snapshot, adoption: { id: 'a1', ...(ended && { ended }) } },
  })
  /** The steps that a view sends to the application, in order. */
  async function told(state: View, isTaken = true) {
    const adopt = vi.fn(async () => isTaken)
    await view(state, undefined, { adopt })
    return adopt.mock.calls
  }

  it('is committed if the application has not confirmed the link, and that is recorded', async () => {
    expect(await told(aState({}))).toEqual([['commit', DATA]])
    expect(await stored()).toMatchObject({ adoption: { id: 'a1', ended: 'committed' }, kept: {} })
  })

  it('is committed again at the next view if that fails', async () => {
    await told(aState({}), false)
    expect((await stored())?.adoption).toEqual({ id: 'a1' })
  })

  it('stays in the snapshot after the undo period', async () => {
    expect(await told(aState({ age: 31 * DAY }))).toEqual([])
    expect(await stored()).toMatchObject({ adoption: { id: 'a1' } })
    expect(await stored()).not.toHaveProperty('kept')
  })

  it.each<[string, View, unknown[]]>([
    ['there was no link', aState({ isLinked: false }), ['abandon', DATA]],
    [
      'another program ended it',
      aState({ isLinked: false }, 'committed'),
      ['commit', { ...DATA, adoption_id: expect.stringMatching(/^a1-undo-/), undo: true, undoes: 'a1' }],
    ],
    [
      'its undo was interrupted',
      aState({ isLinked: false, returning: { age: 61, undo: true } }, 'committed'),
      ['commit', { ...DATA, adoption_id: expect.stringMatching(/^a1-undo-/), undo: true, undoes: 'a1' }],
    ],
  ])('sends a step to the application if %s', async (_what, state, step) => {
    expect(await told(state)).toEqual([step])
    expect(await stored()).toBeUndefined()
  })

  it.each([
    ['is left alone until the prepare expires', 14 * 60, 0],
    ['is abandoned after 15 minutes if there was no link', 16 * 60, 1],
  ])('%s', async (_what, age, steps) => {
    expect(await told(aState({ isLinked: false, age }))).toHaveLength(steps)
    expect((await stored()) === undefined).toBe(steps > 0)
  })

  it('needs no call after it was confirmed', async () => {
    expect(await view(aState({}, 'committed'), undefined, { adopt: async () => true })).toEqual([])
  })

  it('sends no further step for a link that the application knows was not made', async () => {
    expect(await told(aState({ isLinked: false }, 'abandoned'))).toEqual([])
  })

  it('is abandoned once, even if the snapshot stays', async () => {
    tenant.state.users.delete(OTHER)
    const state = aState({ isLinked: false })
    const ann = tenant.user('auth0|ann')
    Object.assign(ann.app_metadata, await aSnapshot({ at: now() - state.age, ...state.snapshot }))
    ann.user_metadata.newsletter = true
    const adopt = vi.fn(async () => true)
    const look = async () =>
      repairAccount({ ...services(), adopt }, await services().managementApi().getUser('auth0|ann'))
    await look()
    await look()
    expect(adopt.mock.calls).toEqual([['abandon', DATA]])
    expect(await stored()).toMatchObject({ kept: {} })
  })
})
