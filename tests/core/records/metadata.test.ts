import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  endingBytes,
  hashOperatorMetadata,
  type LinkPolicy,
  MAX_PROFILE_BYTES,
  MAX_SNAPSHOT_BYTES,
  parseSnapshot,
  prepareLink,
  type Snapshot,
  selectCarryOver,
  snapshotKeyOf,
} from '@/core'
import { aPolicy, aUser, type UserFields } from '../../support/builders/users'

const NOW = 1_800_000_000
const PROOF = { way: 'login', client_id: 'demo-app' }
const SECONDARY = 'samlp|acme|ann|1'
/** Parsed from JSON, so that `__proto__` is an own key and does not set the prototype. */
const HOSTILE = JSON.parse('{"__proto__":{"a":1},"constructor":1,"prototype":2,"a.b":3,"$set":4,"fine":5}')

const carry = (primary: UserFields, secondary: UserFields, policy: Partial<LinkPolicy> = {}) =>
  selectCarryOver(aUser(primary), aUser(secondary), aPolicy(policy))
const prepare = async (primary: UserFields, secondary: UserFields, policy: Partial<LinkPolicy> = {}) => {
  const other = aUser({ user_id: SECONDARY, ...secondary })
  return (await prepareLink(aUser(primary), other, aPolicy(policy), NOW, PROOF))?.patch
}
const snapshotIn = async (patch: Awaited<ReturnType<typeof prepare>>) =>
  parseSnapshot(patch?.app_metadata[await snapshotKeyOf(SECONDARY)]) as Snapshot

describe('selectCarryOver', () => {
  it('copies user metadata that is missing, and replaces nothing', () => {
    const primary = { user_metadata: { theme: 'dark', empty: '', no: false } }
    const secondary = {
      user_metadata: { theme: 'light', empty: 'x', no: true, newsletter: true, deep: { a: [1] } },
    }
    expect(carry(primary, secondary)).toEqual({
      user_metadata: { newsletter: true, deep: { a: [1] } },
      app_metadata: {},
    })
  })

  it('treats null as missing, on both sides', () => {
    expect(carry({ user_metadata: { a: null } }, { user_metadata: { a: 1, b: null } }).user_metadata).toEqual(
      {
        a: 1,
      },
    )
  })

  it('carries over no value that contains, at any depth, a name that Auth0 refuses', () => {
    const user_metadata = { list: [{ deep: { 'a.b': 1 } }], money: { $: 1 }, fine: [{ deep: { ab: 1 } }] }
    expect(carry({}, { user_metadata }).user_metadata).toEqual({ fine: [{ deep: { ab: 1 } }] })
  })

  it('carries over no user metadata if the operator turned that off', () => {
    expect(carry({}, { user_metadata: { a: 1 } }, { fillUserMetadata: false }).user_metadata).toEqual({})
  })

  it('carries over no app metadata unless the operator allows the key', () => {
    const secondary = { app_metadata: { plan: 'team', roles: ['admin'] } }
    expect(carry({}, secondary).app_metadata).toEqual({})
    expect(carry({}, secondary, { appMetadataKeys: ['plan'] }).app_metadata).toEqual({ plan: 'team' })
    expect(
      carry({ app_metadata: { plan: 'free' } }, secondary, { appMetadataKeys: ['plan'] }).app_metadata,
    ).toEqual({})
  })

  it('never carries over keys that are special to objects or refused by Auth0', () => {
    const { user_metadata, app_metadata } = carry(
      {},
      { user_metadata: HOSTILE, app_metadata: HOSTILE },
      { appMetadataKeys: Object.keys(HOSTILE) },
    )
    expect(Object.keys(user_metadata)).toEqual(['fine'])
    expect(Object.keys(app_metadata)).toEqual(['fine'])
    expect(Object.getPrototypeOf(user_metadata)).toBe(Object.prototype)
  })

  it("is not misled by names of an object's own methods", () => {
    expect(carry({}, { user_metadata: { toString: 'x', hasOwnProperty: 'y' } }).user_metadata).toEqual({
      toString: 'x',
      hasOwnProperty: 'y',
    })
  })

  it.each(['account_linking', 'account_linking_timestamp', 'account_linking_0123456789ab'])(
    'never carries over our own %s, even if the operator allows it',
    (key) => {
      expect(carry({}, { app_metadata: { [key]: 1 } }, { appMetadataKeys: [key] }).app_metadata).toEqual({})
    },
  )
})

describe('keys that only resemble ours or unsafe ones', () => {
  it.each(['my_account_linking', 'account_linkings', 'my_constructor', 'constructor_of', '__proto__s'])(
    'are carried over if allowed: %s',
    (key) => {
      const secondary = { app_metadata: { [key]: 1 } }
      expect(carry({}, secondary, { appMetadataKeys: [key] }).app_metadata).toEqual({ [key]: 1 })
    },
  )
})

describe('hashOperatorMetadata', () => {
  const ours = { account_linking: {}, account_linking_journal: { entries: [] } }

  it.each([1, 2] as const)(
    'of version %d depends on the values, not on their order or on our own keys',
    async (version) => {
      const hash = await hashOperatorMetadata({ plan: 'team', roles: ['a', { b: 1 }] }, version)
      expect(await hashOperatorMetadata({ roles: ['a', { b: 1 }], plan: 'team', ...ours }, version)).toBe(
        hash,
      )
      expect(await hashOperatorMetadata({ plan: 'team', roles: ['a', { b: 2 }] }, version)).not.toBe(hash)
      expect(await hashOperatorMetadata({ plan: 'team' }, version)).not.toBe(hash)
    },
  )

  it("of version 2 includes the operator's keys with names like ours, and ignores null", async () => {
    const hash = await hashOperatorMetadata({ plan: 'team' }, 2)
    expect(await hashOperatorMetadata({ plan: 'team', account_linking_note: 'x' }, 2)).not.toBe(hash)
    expect(await hashOperatorMetadata({ plan: 'team', gone: null }, 2)).toBe(hash)
  })

  it('of version 1 excludes every key with a name like ours', async () => {
    const hash = await hashOperatorMetadata({ plan: 'team' }, 1)
    expect(await hashOperatorMetadata({ plan: 'team', account_linking_note: 'x' }, 1)).toBe(hash)
  })
})

describe('snapshotKeyOf', () => {
  it('is a different key for each identity, and one that Auth0 accepts', async () => {
    const keys = await Promise.all(['auth0|1', 'auth0|2', SECONDARY].map(snapshotKeyOf))
    expect(new Set(keys).size).toBe(3)
    for (const key of keys) expect(key).toMatch(/^account_linking_[0-9a-f]{12}$/)
  })
})

describe('prepareLink', () => {
  const secondary = {
    created_at: '2025-02-03T00:00:00.000Z',
    user_metadata: { theme: 'light', newsletter: true },
    app_metadata: {
      plan: 'free',
      roles: ['admin'],
      account_linking: { looked: { until: 1, key: 'k' } },
      account_linking_timestamp: 2,
    },
  }
  const primary = { user_id: 'auth0|1', user_metadata: { theme: 'dark' }, app_metadata: { crm: 'C-1' } }

  it('copies missing metadata, and keeps all of it with its origin in the snapshot', async () => {
    const patch = await prepare(primary, secondary, { appMetadataKeys: ['plan'] })
    expect(patch).toEqual({
      user_metadata: { newsletter: true },
      app_metadata: {
        plan: 'free',
        [await snapshotKeyOf(SECONDARY)]: {
          v: 2,
          at: NOW,
          user_id: SECONDARY,
          proof: PROOF,
          own: await hashOperatorMetadata({ crm: 'C-1' }, 2),
          kept: {
            user_metadata: { theme: 'light', newsletter: true },
            app_metadata: { plan: 'free', roles: ['admin'] },
          },
          carried: { user_metadata: ['newsletter'], app_metadata: ['plan'] },
        },
      },
    })
  })

  it('writes the same bytes for the same users', async () => {
    const first = await prepare(primary, secondary)
    expect(JSON.stringify(await prepare(primary, secondary))).toBe(JSON.stringify(first))
  })

  it('keeps in the snapshot what a failed attempt has already copied', async () => {
    const { user_metadata } = (await prepare(primary, secondary)) ?? {}
    const again = await prepare(
      { ...primary, user_metadata: { ...primary.user_metadata, ...user_metadata } },
      secondary,
    )
    expect(again).not.toHaveProperty('user_metadata')
    expect((await snapshotIn(again)).kept?.user_metadata).toEqual(secondary.user_metadata)
  })

  it.each<[string, UserFields, Partial<LinkPolicy>]>([
    ['nothing is allowed', {}, { fillUserMetadata: false }],
    ['everything is allowed', {}, { appMetadataKeys: ['plan', 'roles', 'fine', '__proto__', 'a.b'] }],
    ['the primary has all of it', { user_metadata: secondary.user_metadata, app_metadata: { plan: 1 } }, {}],
  ])('loses nothing if %s', async (_when, fields, policy) => {
    const full = {
      user_metadata: { ...HOSTILE, ...secondary.user_metadata },
      app_metadata: { ...HOSTILE, ...secondary.app_metadata },
    }
    const patch = await prepare({ ...primary, ...fields }, full, policy)
    const { kept, carried } = await snapshotIn(patch)
    if (!kept || !carried) throw new Error('the snapshot keeps nothing')
    for (const kind of ['user_metadata', 'app_metadata'] as const) {
      const isOurs = (key: string) => key.startsWith('account_linking')
      const expected = Object.entries(full[kind]).filter(([key]) => !isOurs(key))
      expect(Object.entries(kept[kind])).toEqual(expected)
      for (const key of carried[kind]) expect(patch?.[kind]?.[key]).toEqual(full[kind][key])
    }
  })

  it('keeps user metadata under our own key names, because ours are in app metadata', async () => {
    const user_metadata = { account_linking: 'mine' }
    const patch = await prepare(primary, { user_metadata }, { fillUserMetadata: false })
    expect((await snapshotIn(patch)).kept?.user_metadata).toEqual(user_metadata)
  })

  it('never sends empty user metadata, because that would clear it', async () => {
    expect(await prepare(primary, { user_metadata: { theme: 'light' } })).not.toHaveProperty('user_metadata')
    expect(await prepare({}, {})).not.toHaveProperty('user_metadata')
  })

  it('accepts a snapshot of exactly the maximum size, and refuses one byte more', async () => {
    const withNote = (length: number) => prepare({}, { app_metadata: { note: 'x'.repeat(length) } })
    const room = MAX_SNAPSHOT_BYTES - bytesOf(await snapshotIn(await withNote(0)))
    expect(bytesOf(await snapshotIn(await withNote(room)))).toBe(MAX_SNAPSHOT_BYTES)
    expect(await withNote(room + 1)).toBeUndefined()
  })

  it('accepts a profile of exactly the maximum size, and refuses one byte more', async () => {
    const profile = (length: number) => ({ user_id: 'auth0|1', user_metadata: { bio: 'x'.repeat(length) } })
    const other = { name: 'Ann', user_metadata: { theme: 'light' } }
    const patch = await prepare(profile(0), other)
    const metadataOf = bytesOf(other.user_metadata) + bytesOf({})
    const whole =
      aUser(profile(0)).bytes +
      bytesOf(patch) +
      aUser({ user_id: SECONDARY, ...other }).bytes -
      metadataOf +
      // The mark of what has to end after the link.
      endingBytes(['auth0|1', SECONDARY])
    expect(await prepare(profile(MAX_PROFILE_BYTES - whole), other)).toBeDefined()
    expect(await prepare(profile(MAX_PROFILE_BYTES - whole + 1), other)).toBeUndefined()
  })

  it('counts bytes, not characters', async () => {
    const note = (text: string) => prepare({}, { app_metadata: { note: text } })
    expect(await note('x'.repeat(1_500))).toBeDefined()
    expect(await note('€'.repeat(1_500))).toBeUndefined()
  })
})

describe('the rights in a snapshot', () => {
  const [one, other] = [aUser({ user_id: 'auth0|1' }), aUser({ user_id: SECONDARY })]
  const RIGHTS = { given: { roles: ['a'] }, dropped: {}, shared: {} }
  const keptIn = async (rights: typeof RIGHTS | undefined, primary = one) => {
    const prepared = await prepareLink(primary, other, aPolicy(), NOW, PROOF, rights)
    return Object(prepared?.patch.app_metadata[await snapshotKeyOf(SECONDARY)])
  }

  it('are those of the secondary account, and are omitted if it has none', async () => {
    expect((await keptIn(RIGHTS)).rights).toEqual(RIGHTS)
    expect(await keptIn(undefined)).not.toHaveProperty('rights')
  })

  it('include those of an earlier link that were not restored', async () => {
    const earlier = await keptIn({ ...RIGHTS, given: { roles: ['b'] } })
    const key = await snapshotKeyOf(SECONDARY)
    const marked = (fields: object = {}) =>
      aUser({ user_id: 'auth0|1', app_metadata: { [key]: { ...earlier, ...fields } } })
    const returning = { returning: { at: NOW, undo: false } }
    expect((await keptIn(RIGHTS, marked(returning))).rights.given).toEqual({ roles: ['a', 'b'] })
    expect((await keptIn(undefined, marked(returning))).rights.given).toEqual({ roles: ['b'] })
    // An attempt that linked nothing leaves no rights to restore.
    expect((await keptIn(RIGHTS, marked())).rights.given).toEqual({ roles: ['a'] })
  })
})

describe('prepareLink and hashOperatorMetadata with unexpected metadata', () => {
  it('a version 1 hash excludes keys that begin like ours, not those that end like ours', async () => {
    expect(await hashOperatorMetadata({ my_account_linking: 1 }, 1)).not.toBe(
      await hashOperatorMetadata({}, 1),
    )
    expect(await hashOperatorMetadata({ account_linking: 1, account_linking_x: 1 }, 1)).toBe(
      await hashOperatorMetadata({}, 1),
    )
  })

  it('an unexpected error is thrown, and not treated as metadata that is nested too deeply', async () => {
    const broken = aUser({ user_id: SECONDARY })
    const failure = new TypeError('broken')
    Object.defineProperty(broken, 'user_metadata', {
      get() {
        throw failure
      },
    })
    await expect(prepareLink(aUser(), broken, aPolicy(), NOW, PROOF)).rejects.toBe(failure)
  })
})
