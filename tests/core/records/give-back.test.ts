import { describe, expect, it } from 'vitest'
import {
  type LinkPolicy,
  parseSnapshot,
  planGiveBack,
  prepareLink,
  type Snapshot,
  snapshotKeyOf,
} from '@/core'
import { aPolicy, aUser, type UserFields } from '../../support/builders/users'

const NOW = 1_800_000_000
const SECONDARY: UserFields = {
  user_id: 'github|1',
  user_metadata: { theme: 'light', newsletter: true, editor: { name: 'vim' } },
  app_metadata: { plan: 'free', crm: 'C-2' },
}
const NONE = { user_metadata: {}, app_metadata: {} }
const PRIMARY: UserFields = {
  user_id: 'auth0|1',
  user_metadata: { theme: 'dark' },
  app_metadata: { plan: 'team' },
}

/** Both accounts after a link, as the tenant would store them, and the snapshot of the link. */
async function linked(policy: Partial<LinkPolicy> = {}, primary = PRIMARY, secondary = SECONDARY) {
  const prepared = await prepareLink(aUser(primary), aUser(secondary), aPolicy(policy), NOW, {
    way: 'settings',
    client_id: 'demo-app',
  })
  const user = {
    ...primary,
    linked: [String(secondary.user_id)],
    user_metadata: { ...primary.user_metadata, ...prepared?.patch.user_metadata },
    app_metadata: { ...primary.app_metadata, ...prepared?.patch.app_metadata },
  }
  const key = await snapshotKeyOf(String(secondary.user_id))
  return { user, snapshot: parseSnapshot(user.app_metadata[key]) }
}
const plan = (
  user: UserFields,
  snapshot: Snapshot | undefined,
  isUndo: boolean,
  policy: Partial<LinkPolicy> = {},
) => planGiveBack(aUser(user), snapshot, aPolicy(policy), isUndo)

describe('planGiveBack', () => {
  it('restores the user metadata in full, and removes from the primary account what came only from there', async () => {
    const { user, snapshot } = await linked()
    expect(await plan(user, snapshot, false)).toEqual({
      give: { user_metadata: SECONDARY.user_metadata, app_metadata: {} },
      take: { user_metadata: ['newsletter', 'editor'], app_metadata: [] },
      changed: [],
      heldBack: { user_metadata: {}, app_metadata: SECONDARY.app_metadata },
    })
  })

  it('at an undo, compares the operator’s keys, including those with names like ours, and ignores nulls', async () => {
    const primary = { ...PRIMARY, app_metadata: { plan: 'team', account_linking_note: 'x', gone: null } }
    const { user, snapshot } = await linked({}, primary)
    expect((await plan(user, snapshot, true)).heldBack.app_metadata).toEqual({})
    const changed = { ...user, app_metadata: { ...user.app_metadata, account_linking_note: 'y' } }
    expect((await plan(changed, snapshot, true)).heldBack.app_metadata).toEqual(SECONDARY.app_metadata)
  })

  it('restores everything at an undo', async () => {
    const { user, snapshot } = await linked({ appMetadataKeys: ['crm'] })
    const { give, take, heldBack } = await plan(user, snapshot, true, { appMetadataKeys: ['crm'] })
    expect(give).toEqual({
      user_metadata: SECONDARY.user_metadata,
      app_metadata: SECONDARY.app_metadata,
    })
    expect(take.app_metadata).toEqual(['crm'])
    expect(heldBack).toEqual(NONE)
  })

  it.each<[string, UserFields['app_metadata']]>([
    ['changed', { plan: 'enterprise' }],
    ['gained something', { plan: 'team', admin: true }],
    ['lost something', {}],
  ])('withholds app metadata if that of the primary account itself has %s since', async (_what, own) => {
    const { user, snapshot } = await linked()
    const key = await snapshotKeyOf('github|1')
    const { give, heldBack } = await plan(
      { ...user, app_metadata: { ...own, [key]: user.app_metadata[key], account_linking: { looked: 1 } } },
      snapshot,
      true,
    )
    expect(give.app_metadata).toEqual({})
    expect(heldBack).toEqual({ ...NONE, app_metadata: SECONDARY.app_metadata })
  })

  it('is not misled by our own keys', async () => {
    const { user, snapshot } = await linked()
    const ours = { account_linking: { looked: { until: 1, key: 'k' } }, account_linking_journal: {} }
    const app_metadata = { ...user.app_metadata, ...ours }
    expect((await plan({ ...user, app_metadata }, snapshot, true)).heldBack).toEqual(NONE)
  })

  it('restores app metadata whose keys the operator allows, even if allowed only later', async () => {
    const { user, snapshot } = await linked()
    const { give, heldBack } = await plan(user, snapshot, false, { appMetadataKeys: ['plan'] })
    expect(give.app_metadata).toEqual({ plan: 'free' })
    expect(heldBack).toEqual({ ...NONE, app_metadata: { crm: 'C-2' } })
  })

  it('leaves a changed value in the primary account, and restores the original', async () => {
    const { user, snapshot } = await linked()
    const user_metadata = { theme: 'dark', newsletter: false, editor: { name: 'vim' } }
    const { give, take, changed } = await plan({ ...user, user_metadata }, snapshot, true)
    expect(changed).toEqual(['newsletter'])
    expect(take.user_metadata).toEqual(['editor'])
    expect(give.user_metadata).toEqual(SECONDARY.user_metadata)
  })

  it('restores a value that was removed from the primary account', async () => {
    const { user, snapshot } = await linked()
    const { give, take, changed } = await plan({ ...user, user_metadata: { theme: 'dark' } }, snapshot, true)
    expect(give.user_metadata).toEqual(SECONDARY.user_metadata)
    expect(take.user_metadata).toEqual([])
    expect(changed).toEqual(['newsletter', 'editor'])
  })

  it.each<[string, UserFields['app_metadata']]>([
    ['changed', { plan: 'team', crm: 'C-9' }],
    ['removed', { plan: 'team' }],
  ])(
    'withholds app metadata that was carried over and %s since, whatever keys are allowed',
    async (_what, own) => {
      const policy = { appMetadataKeys: ['crm'] }
      const { user, snapshot } = await linked(policy)
      const { give, heldBack, changed } = await plan({ ...user, app_metadata: own }, snapshot, true, policy)
      expect(give.app_metadata).not.toHaveProperty('crm')
      expect(heldBack.app_metadata).toMatchObject({ crm: 'C-2' })
      expect(changed).toEqual(['crm'])
    },
  )

  it('restores what was carried over while it was allowed', async () => {
    const { user, snapshot } = await linked({ appMetadataKeys: ['crm'] })
    const { give, take } = await plan(user, snapshot, false)
    expect(give.app_metadata).toEqual({ crm: 'C-2' })
    expect(take.app_metadata).toEqual(['crm'])
  })

  it('restores to each of two accounts its own value if both brought the same key', async () => {
    const other: UserFields = { user_id: 'github|2', user_metadata: { newsletter: false } }
    const [first, second] = [await linked(), await linked({}, PRIMARY, other)]
    const user: UserFields = {
      ...PRIMARY,
      user_metadata: { ...first.user.user_metadata, ...second.user.user_metadata },
      app_metadata: { ...first.user.app_metadata, ...second.user.app_metadata },
    }
    const [one, two] = [await plan(user, first.snapshot, true), await plan(user, second.snapshot, true)]
    expect(one.give.user_metadata).toEqual(SECONDARY.user_metadata)
    expect([one.take.user_metadata, one.changed]).toEqual([['editor'], ['newsletter']])
    expect(two.give.user_metadata).toEqual({ newsletter: false })
    expect(two.take.user_metadata).toEqual(['newsletter'])
  })

  it('is not misled by names of an object’s own methods', async () => {
    const { user, snapshot } = await linked({}, PRIMARY, {
      user_id: 'github|1',
      user_metadata: { toString: {} },
    })
    const { take } = await plan({ ...user, user_metadata: {} }, snapshot, true)
    expect(take.user_metadata).toEqual([])
  })

  it.each(['user_metadata', 'app_metadata'] as const)(
    'never writes a %s key that Auth0 refuses',
    async (kind) => {
      const hostile = JSON.parse('{"__proto__":{"a":1},"a.b":2,"$set":3}')
      const { user, snapshot } = await linked({}, PRIMARY, { user_id: 'github|1', [kind]: hostile })
      const { give, heldBack } = await plan(user, snapshot, true)
      expect(Object.keys(give[kind])).toEqual([])
      expect(Object.keys(heldBack[kind]).sort()).toEqual(['$set', '__proto__', 'a.b'])
    },
  )

  it('restores nothing if the snapshot kept nothing', async () => {
    const nothing = {
      give: NONE,
      take: { user_metadata: [], app_metadata: [] },
      changed: [],
      heldBack: NONE,
    }
    const { user, snapshot } = await linked()
    expect(await plan(user, undefined, true)).toEqual(nothing)
    expect(await plan(user, { ...snapshot, kept: undefined, carried: undefined } as Snapshot, true)).toEqual(
      nothing,
    )
  })
})
