import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { en } from '@/lib/messages/en'
import type { ConnectPlan } from '@/lib/sign-in-methods/connect/connect-plan'
import type { DisconnectPlan } from '@/lib/sign-in-methods/disconnect/disconnect-plan'
import { connectPreview, fieldList } from '@/lib/sign-in-methods/views/connect-preview'
import { disconnectPreview } from '@/lib/sign-in-methods/views/disconnect-preview'
import { anAccount } from '../../../support/builders/accounts'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'
import { configure, services } from '../../../support/process/page-services'

const canEndAccess = vi.fn(async () => false)
const withGrants = () => {
  const all = services()
  return { ...all, authorities: { ...all.authorities, canEndAccess } }
}

const { confirm, disconnectPage } = en.settings
const NONE = { user_metadata: [], app_metadata: [] }
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1, 12) })
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

describe('fieldList', () => {
  it.each<[string[], string[], string | undefined]>([
    [[], [], undefined],
    [['theme'], [], 'theme'],
    [['theme', 'shoes'], [], 'theme and shoes'],
    [[], ['role'], '1 more detail'],
    [[], ['role', 'plan'], '2 more details'],
    [['theme'], ['role', 'plan'], 'theme and 2 more details'],
    [['a\u202Eb\u200B', 'x'.repeat(500)], [], `ab and \u2068${'x'.repeat(47)}…\u2069`],
  ])(
    'names the user metadata and only counts the app metadata: %j %j',
    (user_metadata, app_metadata, expected) => {
      expect(fieldList(en, { user_metadata, app_metadata })).toBe(expected)
    },
  )
})

describe('connectPreview', () => {
  const current = anAccount()
  const other = anAccount({
    user_id: 'github|7',
    email: 'ann@work.example',
    identities: [{ provider: 'github', user_id: '7', connection: 'github' }],
  })
  const preview = (fields: Partial<ConnectPlan> = {}) =>
    connectPreview(withGrants(), en, {
      ...{ current, other, primary: current, secondary: other, stays: 'current', isNew: false, digest: 'x' },
      ...{ carried: NONE, kept: NONE, lost: NONE, at: 1, prepared: undefined },
      rights: { given: {}, dropped: {}, shared: {} },
      ...fields,
    })
  const effects = async (fields: Partial<ConnectPlan> = {}) => (await preview(fields)).effects

  it('shows both accounts unmasked, because the person has just signed in to both', async () => {
    const mine = { provider: 'Email and password', icon: 'password', label: 'ann@example.com' }
    const theirs = { provider: 'GitHub', icon: 'github', label: 'ann@work.example' }
    expect((await preview()).tiles).toEqual([
      { account: mine, tag: en.confirm.stays },
      { account: theirs, tag: en.confirm.added },
    ])
    expect((await preview({ stays: 'candidate' })).tiles.map(({ tag }) => tag)).toEqual([
      en.confirm.added,
      en.confirm.stays,
    ])
  })

  it('states which account stays', async () => {
    expect(await effects()).toContain(confirm.currentStays)
    expect(await effects({ stays: 'candidate' })).toContain(confirm.otherStays({ provider: 'GitHub' }))
    expect(await effects({ stays: 'candidate' })).not.toContain(confirm.currentStays)
  })

  it('states every further sign-in method of the other account', async () => {
    const identities = [
      ...other.identities,
      { user_id: 'email|7', provider: 'email', connection: 'email', profile: {} },
      { user_id: 'samlp|7', provider: 'samlp', connection: 'acme', profile: {} },
    ]
    expect(await effects({ other: { ...other, identities } })).toContain(
      confirm.also({ provider: 'GitHub', providers: 'Email code and acme' }),
    )
    expect((await effects()).join()).not.toContain('also opens with')
  })

  it('states what is carried over, kept and lost, and nothing about empty lists', async () => {
    const names = (name: string) => ({ user_metadata: [name], app_metadata: ['secret-role'] })
    const all = await effects({ carried: names('a'), kept: names('b'), lost: names('c') })
    expect(all).toContain(en.effects.carriedFields({ fields: 'a and 1 more detail' }))
    expect(all).toContain(confirm.kept({ fields: 'b and 1 more detail' }))
    expect(all).toContain(confirm.lost({ fields: 'c and 1 more detail' }))
    expect(all.join()).not.toContain('secret-role')
    expect((await effects()).join()).not.toMatch(/Copied|Saved in case|Lost with/)
  })

  it('states that an account is new, or that one ends', async () => {
    expect(await effects({ isNew: true })).toContain(confirm.isNew)
    expect(await effects()).not.toContain(confirm.isNew)
    expect(await effects()).toContain(en.effects.ends)
  })

  it('names the rights that the primary account receives, and those that are lost', async () => {
    const rights = {
      ...{ roles: { rol_1: 'editor', rol_2: 'admin' }, permissions: { 'read:x https://api': 'read:x' } },
      ...{ memberships: { org_1: 'Acme', 'org_1 rol_3': 'owner' }, factors: { passkey: 'passkey' } },
    }
    const shown = await effects({
      secondary: { ...other, rights },
      rights: {
        given: { roles: ['rol_1', 'rol_2'], memberships: ['org_1', 'org_1 rol_3'] },
        dropped: { permissions: ['read:x https://api'], factors: ['passkey'] },
        shared: {},
      },
    })
    expect(shown).toContain(
      'The account that stays also gets: the roles editor and admin and membership in Acme.',
    )
    expect(shown).toContain('Lost with the other account: 1 permission and extra sign-in steps and passkeys.')
    expect(shown).not.toContain(en.effects.ends)
  })

  it('states that kinds of rights that cannot be read are not kept', async () => {
    const rights = { permissions: {}, memberships: {}, factors: {} }
    expect(await effects({ secondary: { ...other, rights } })).toContain(
      'Not kept from the other account: roles.',
    )
  })

  it.each([
    [true, en.effects.devicesEnd],
    [false, confirm.devicesStay],
  ])('states whether other devices are signed out: %s', async (isGranted, expected) => {
    canEndAccess.mockResolvedValue(isGranted)
    const all = await effects()
    expect(all.filter((effect) => /devices/.test(effect))).toEqual([expected])
  })

  it.each([
    [{}, confirm.undo({ date: 'January 31, 2026' })],
    [{ undoPeriod: 86_400 }, confirm.undo({ date: 'January 2, 2026' })],
    [{ undoPeriod: 0 }, confirm.undoAlways],
    [{ linkingAuthority: 'user' as const }, confirm.noUndo],
    [{ linkingAuthority: 'user' as const, undoPeriod: 0 }, confirm.noUndo],
  ])('states how long the link can be undone, with %j: %s', async (changes, expected) => {
    configure(changes)
    expect((await effects()).at(-1)).toBe(expected)
  })
})

describe('disconnectPreview', () => {
  const account = anAccount()
  const identity = {
    user_id: 'github|7',
    provider: 'github',
    connection: 'github',
    profile: { email: 'ann@work.example' },
  }
  const NOTHING = { user_metadata: {}, app_metadata: {} }
  const nothing = { give: NOTHING, take: NONE, changed: [], heldBack: NOTHING }
  const preview = (fields: Partial<DisconnectPlan['fields']> = {}, plan: Partial<DisconnectPlan> = {}) =>
    disconnectPreview(withGrants(), en, {
      ...{
        account,
        identity,
        stored: undefined,
        isUndo: false,
        canRemove: false,
        isUsable: () => true,
        digest: 'x',
      },
      fields: { ...nothing, ...fields },
      rights: { give: {}, take: {}, withheld: {}, names: {}, changedSnapshots: {}, refusedKinds: [] },
      ...plan,
    })

  it('shows the identity masked, with the title of the step', async () => {
    expect(await preview()).toMatchObject({
      title: disconnectPage.title({ provider: 'GitHub' }),
      tiles: [{ account: { label: 'a••@work.example' } }],
    })
    expect(await preview({}, { isUndo: true })).toMatchObject({
      title: disconnectPage.undoTitle({ provider: 'GitHub' }),
    })
  })

  it('states what is restored, removed, changed since and withheld', async () => {
    const { effects } = await preview({
      give: { user_metadata: { theme: 1 }, app_metadata: { plan: 1, role: 1 } },
      take: { user_metadata: ['newsletter'], app_metadata: [] },
      changed: ['shoes'],
      heldBack: { user_metadata: {}, app_metadata: { 'secret-role': 'admin' } },
    })
    expect(effects).toEqual([
      disconnectPage.becomes({ provider: 'GitHub' }),
      disconnectPage.gets({ fields: 'theme and 2 more details' }),
      disconnectPage.gives({ fields: 'newsletter' }),
      disconnectPage.changed({ fields: 'shoes' }),
      disconnectPage.heldBack({ fields: '1 more detail' }),
      disconnectPage.notAsked,
    ])
  })

  it('states that nothing is restored', async () => {
    expect((await preview()).effects).toContain(disconnectPage.getsNothing)
  })

  it.each<[Partial<DisconnectPlan['fields']>, boolean, boolean]>([
    [{}, true, true],
    [{}, false, false],
    [{ changed: ['shoes'] }, true, false],
    [{ heldBack: { user_metadata: {}, app_metadata: { plan: 'free' } } }, true, false],
    [{ heldBack: { user_metadata: { 'a.b': 1 }, app_metadata: {} } }, true, false],
  ])('after %j, with undo %s, promises that all is as before: %s', async (fields, isUndo, expected) => {
    expect((await preview(fields, { isUndo })).effects.includes(disconnectPage.restored)).toBe(expected)
  })

  it.each([true, false])(
    'states that other devices have to sign in again, if that is possible: %s',
    async (isGranted) => {
      canEndAccess.mockResolvedValue(isGranted)
      expect((await preview()).effects.includes(en.effects.devicesEnd)).toBe(isGranted)
    },
  )

  it("does not mention metadata if links are made with the person's own token", async () => {
    configure({ linkingAuthority: 'user' })
    const { effects } = await preview({ heldBack: { user_metadata: {}, app_metadata: { plan: 'free' } } })
    expect(effects).toContain(disconnectPage.noMetadata)
    expect(effects.join()).not.toMatch(/Not given back|starts without/)
  })
})
