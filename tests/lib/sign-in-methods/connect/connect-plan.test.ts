import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { prepareLink, snapshotKeyOf } from '@/core'
import type { ManagementApi } from '@/lib/auth0/management-api'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { type ConnectPlan, planConnect } from '@/lib/sign-in-methods/connect/connect-plan'
import { type ProvenFlow, toSeen } from '@/lib/sign-in-methods/connect/proven-account'
import { anAccount } from '../../../support/builders/accounts'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'
import { configure, configurePolicy, services } from '../../../support/process/page-services'
import { aFlow, aSession, now } from '../a-session'
import { annWith } from '../a-snapshot'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})
afterEach(() => vi.unstubAllEnvs())

const ANN = {
  user_metadata: { theme: 'dark', language: 'en' },
  app_metadata: { plan: 'team' },
}
const OTHER = {
  user_id: 'google-oauth2|ann-g',
  created_at: '2025-02-01T09:00:00.000Z',
  identities: [{ provider: 'google-oauth2', user_id: 'ann-g', connection: 'google-oauth2' }],
  user_metadata: { theme: 'light', newsletter: true },
  app_metadata: { plan: 'free', trial: 1 },
}
const GITHUB = { provider: 'github', user_id: '7', connection: 'github' }

/** Services of an installation without the scopes to read rights. */
function withoutRights() {
  const all = services()
  return {
    ...all,
    authorities: { ...all.authorities, areGranted: async (scopes: readonly string[]) => scopes.length === 0 },
  }
}

/** Plans to connect Ann's accounts, with the changes of a test. */
async function plan(
  fields: { own?: object; other?: object; flow?: Partial<ProvenFlow>; since?: number } = {},
): Promise<ConnectPlan | undefined> {
  const own = anAccount({ ...ANN, ...fields.own })
  const other = anAccount({ ...OTHER, ...fields.other })
  const getUser = async (id: string) => {
    if (id === own.user_id) return own
    if (id === other.user_id) return other
    throw new ManagementApiError('not_found', 404)
  }
  const session = aSession(fields.since === undefined ? {} : { since: fields.since })
  return planConnect(
    withoutRights(),
    { getUser, tenantNow: now } as unknown as ManagementApi,
    session,
    aFlow(fields.flow),
  )
}

describe('planConnect', () => {
  it('lists by name what is carried over and what is kept, and loses nothing', async () => {
    expect(await plan()).toMatchObject({
      stays: 'current',
      isNew: false,
      carried: { user_metadata: ['newsletter'], app_metadata: [] },
      kept: { user_metadata: ['theme'], app_metadata: ['plan', 'trial'] },
      lost: { user_metadata: [], app_metadata: [] },
      primary: { user_id: 'auth0|ann' },
      secondary: { user_id: 'google-oauth2|ann-g' },
      current: { user_id: 'auth0|ann' },
      other: { user_id: 'google-oauth2|ann-g' },
    })
  })

  it('swaps the roles if the other account stays', async () => {
    expect(await plan({ other: { created_at: '2020-01-01T00:00:00.000Z' } })).toMatchObject({
      stays: 'candidate',
      carried: { user_metadata: ['language'], app_metadata: [] },
      kept: { user_metadata: ['theme'], app_metadata: ['plan'] },
      primary: { user_id: 'google-oauth2|ann-g' },
      secondary: { user_id: 'auth0|ann' },
      current: { user_id: 'auth0|ann' },
      other: { user_id: 'google-oauth2|ann-g' },
    })
  })

  it('carries over only the app metadata that the operator allows, and omits our own keys', async () => {
    configurePolicy({ appMetadataKeys: ['trial', 'plan', 'account_linking'] })
    const app_metadata = { ...OTHER.app_metadata, account_linking: {}, account_linking_journal: {} }
    expect(await plan({ other: { app_metadata } })).toMatchObject({
      carried: { app_metadata: ['trial'] },
      kept: { app_metadata: ['plan'] },
    })
  })

  it('keeps all user metadata if the operator carries none over', async () => {
    configurePolicy({ fillUserMetadata: false })
    expect(await plan()).toMatchObject({
      carried: { user_metadata: [] },
      kept: { user_metadata: ['theme', 'newsletter'] },
    })
  })

  it('is undefined if the other account is already part of this one', async () => {
    expect(
      await plan({ own: { identities: annWith({ provider: 'google-oauth2', user_id: 'ann-g' }) } }),
    ).toBeUndefined()
  })

  it('reports whether the account was created by this flow', async () => {
    expect(await plan({ flow: { born: 'google-oauth2|ann-g' } })).toMatchObject({ isNew: true })
    expect(await plan({ flow: { born: 'github|7' } })).toMatchObject({ isNew: false })
  })

  it.each<[string, Parameters<typeof plan>[0]]>([
    ['not_available', { flow: { proof: { userId: 'google-oauth2|gone', hasUsedMfa: false } } }],
    ['blocked', { own: { blocked: true } }],
    ['blocked', { other: { blocked: true } }],
    ['mfa_required', { other: { multifactor: ['guardian'] } }],
    ['own_unverified', { own: { email_verified: false } }],
    ['own_factor_required', { own: { multifactor: ['guardian'] } }],
    ['belongs_to_another', { flow: { chosen: { provider: 'github', connection: 'github' } } }],
    ['belongs_to_another', { flow: { chosen: { provider: 'google-oauth2', connection: 'google-work' } } }],
    ['belongs_to_another', { flow: { chosen: { provider: 'oidc', connection: 'google-oauth2' } } }],
    // The person signed in with GitHub, which is linked to the account, and not with the account's own identity.
    [
      'belongs_to_another',
      {
        other: { identities: [...OTHER.identities, GITHUB] },
        flow: { chosen: { provider: 'github', connection: 'github' } },
      },
    ],
    [
      'several_identities',
      {
        own: { identities: annWith(GITHUB) },
        other: { identities: [...OTHER.identities, { ...GITHUB, user_id: '8' }] },
      },
    ],
  ])('refuses with %s: %#', async (code, fields) => {
    await expect(plan(fields)).rejects.toMatchObject({ name: 'Refused', code })
  })

  it('continues if the second factor was used', async () => {
    const proof = { userId: 'google-oauth2|ann-g', hasUsedMfa: true }
    expect(await plan({ other: { multifactor: ['guardian'] }, flow: { proof } })).toBeDefined()
  })

  it('throws errors of the tenant unchanged', async () => {
    const getUser = vi
      .fn()
      .mockResolvedValueOnce(anAccount(ANN))
      .mockRejectedValueOnce(new ManagementApiError('tenant_unreachable', 503))
    const work = planConnect(
      services(),
      { getUser, tenantNow: now } as unknown as ManagementApi,
      aSession(),
      aFlow(),
    )
    await expect(work).rejects.toMatchObject({ name: 'ManagementApiError', code: 'tenant_unreachable' })
  })

  it('refuses a session from before the last unlink', async () => {
    const app_metadata = {
      account_linking_journal: { entries: [['unlinked', 1_700_000_000, 'a', 'github', '', '']] },
    }
    await expect(plan({ own: { app_metadata }, since: 1_699_999_999 })).rejects.toMatchObject({
      code: 'reauth_required',
    })
  })
})

describe('the digest of a plan', () => {
  const digestOf = async (fields?: Parameters<typeof plan>[0]) => (await plan(fields))?.digest

  it('is the same for the same plan', async () => {
    expect(await digestOf()).toBe(await digestOf())
    expect(await digestOf()).toMatch(/^[0-9a-f]{12}$/)
    expect(await digestOf({ other: { logins_count: 99 } })).toBe(await digestOf())
  })

  it.each<[string, Parameters<typeof plan>[0]]>([
    ['the identities of the other account', { other: { identities: [...OTHER.identities, GITHUB] } }],
    ['what is carried over', { other: { user_metadata: { ...OTHER.user_metadata, shoes: 42 } } }],
    ['what is kept in the snapshot', { other: { app_metadata: { ...OTHER.app_metadata, role: 'admin' } } }],
    [
      'whether something is carried over or kept',
      { own: { user_metadata: { ...ANN.user_metadata, newsletter: false } } },
    ],
    ['nothing to carry over or keep', { other: { user_metadata: {}, app_metadata: {} } }],
  ])('changes with %s', async (_what, fields) => {
    expect(await digestOf(fields)).not.toBe(await digestOf())
  })

  it('changes with which identities the other account has, not only with their number', async () => {
    const withIdentity = (user_id: string) => ({
      other: { identities: [...OTHER.identities, { ...GITHUB, user_id }] },
    })
    expect(await digestOf(withIdentity('7'))).not.toBe(await digestOf(withIdentity('8')))
  })

  it('changes with which account stays, even if neither has metadata', async () => {
    const nothing = { user_metadata: {}, app_metadata: {} }
    const withAge = (created_at: string) => ({ own: nothing, other: { ...nothing, created_at } })
    expect(await digestOf(withAge('2020-01-01T00:00:00.000Z'))).not.toBe(
      await digestOf(withAge('2025-01-01T00:00:00.000Z')),
    )
  })

  it('changes with what is lost', async () => {
    configure({ linkingAuthority: 'user' })
    expect(await digestOf({ other: { user_metadata: { a: 1 } } })).not.toBe(
      await digestOf({ other: { user_metadata: { b: 1 } } }),
    )
  })
})

describe('planConnect after an attempt that linked nothing', () => {
  /** Ann's account after such an attempt. */
  async function attempted(changed: object = {}) {
    const prepared = await prepareLink(anAccount(ANN), anAccount(OTHER), services().policy, 1_750_000_000, {
      way: 'settings',
      client_id: 'demo-app',
    })
    return {
      user_metadata: { ...ANN.user_metadata, ...prepared?.patch.user_metadata, ...changed },
      app_metadata: { ...ANN.app_metadata, ...prepared?.patch.app_metadata },
    }
  }

  it("makes the same plan, so that the person's consent is still valid", async () => {
    const own = await attempted()
    expect(own.user_metadata).toHaveProperty('newsletter')
    const again = await plan({ own })
    expect(again?.digest).toBe((await plan())?.digest)
    expect(again?.carried).toEqual((await plan())?.carried)
  })

  it("treats metadata that was changed since the attempt as the account's own", async () => {
    const again = await plan({ own: await attempted({ newsletter: false }) })
    expect(again?.kept.user_metadata).toEqual(['theme', 'newsletter'])
    expect(again?.prepared?.patch).not.toHaveProperty('user_metadata')
  })

  it('copies again only what the attempt copied', async () => {
    expect((await plan({ own: await attempted() }))?.prepared?.patch.user_metadata).toEqual({
      newsletter: true,
    })
  })

  it('ignores the attempt for another account', async () => {
    const [, snapshot] =
      Object.entries((await attempted()).app_metadata).find(([key]) => key !== 'plan') ?? []
    const app_metadata = { [await snapshotKeyOf('github|7')]: { ...Object(snapshot), user_id: 'github|7' } }
    const user_metadata = { ...ANN.user_metadata, newsletter: true }
    expect((await plan({ own: { user_metadata, app_metadata } }))?.kept.user_metadata).toContain('newsletter')
  })
})

describe("planConnect if links are made with the person's own token", () => {
  beforeEach(() => configure({ linkingAuthority: 'user' }))
  const other = anAccount({ ...OTHER, multifactor: ['guardian'] })
  const proof = { userId: OTHER.user_id, hasUsedMfa: true, seen: toSeen(other) }

  it('lists everything in the other account as lost', async () => {
    expect(await plan()).toMatchObject({
      stays: 'current',
      carried: { user_metadata: [], app_metadata: [] },
      kept: { user_metadata: [], app_metadata: [] },
      lost: { user_metadata: ['theme', 'newsletter'], app_metadata: ['plan', 'trial'] },
    })
  })

  it('keeps the account in use, whichever is older', async () => {
    expect(await plan({ other: { created_at: '2020-01-01T00:00:00.000Z' } })).toMatchObject({
      stays: 'current',
    })
  })

  it('refuses an account with several identities', async () => {
    const identities = [...OTHER.identities, GITHUB]
    await expect(plan({ other: { identities } })).rejects.toMatchObject({ code: 'several_identities' })
  })

  it('uses what the proof recorded of the other account, because it cannot be read again', async () => {
    const getUser = vi.fn(async () => anAccount(ANN))
    const found = await planConnect(
      services(),
      { getUser, tenantNow: now } as unknown as ManagementApi,
      aSession(),
      aFlow({ proof }),
    )
    expect(getUser.mock.calls).toEqual([['auth0|ann']])
    expect(found?.other).toMatchObject({
      user_id: OTHER.user_id,
      email: 'ann@example.com',
      email_verified: true,
      identities: [{ user_id: OTHER.user_id, provider: 'google-oauth2', connection: 'google-oauth2' }],
    })
    expect(found?.lost).toEqual({ user_metadata: ['theme', 'newsletter'], app_metadata: ['plan', 'trial'] })
  })

  it.each([
    ['mfa_required', { ...proof, hasUsedMfa: false }],
    [
      'unverified',
      {
        ...proof,
        userId: 'auth0|x',
        seen: {
          ...proof.seen,
          isEmailVerified: false,
          identities: [{ user_id: 'auth0|x', provider: 'auth0', connection: 'db' }],
        },
      },
    ],
  ])('refuses with %s because of what the proof recorded', async (code, changed) => {
    const chosen = changed.seen.identities[0]
    if (!chosen) throw new Error('no identity')
    await expect(plan({ flow: { proof: changed, chosen } })).rejects.toMatchObject({ code })
  })
})

describe('toSeen', () => {
  it('records the names of metadata fields without values, and only what the plan needs of the account', () => {
    const seen = toSeen(
      anAccount({
        ...OTHER,
        multifactor: [],
        names: 'x',
        app_metadata: { plan: 1, account_linking: {}, gone: null },
      }),
    )
    expect(seen).toEqual({
      email: 'ann@example.com',
      isEmailVerified: true,
      hasMfa: false,
      identities: [{ user_id: OTHER.user_id, provider: 'google-oauth2', connection: 'google-oauth2' }],
      fields: { user_metadata: ['theme', 'newsletter'], app_metadata: ['plan'] },
    })
    expect(toSeen(anAccount({ multifactor: ['guardian'], email_verified: 'true' }))).toMatchObject({
      hasMfa: true,
      isEmailVerified: false,
    })
  })
})
