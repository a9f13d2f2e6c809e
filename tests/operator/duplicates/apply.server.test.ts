import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { NEVER, pairKey } from '@/core'
import { parseAccount } from '@/lib/auth0/account'
import { snapshotOf } from '@/lib/sign-in-methods/snapshots'
import { startSmtpSink } from '@/local-tenant/control/smtp-sink'
import type { StoredUser } from '@/local-tenant/model'
import type { Folder } from '@/operator/duplicates/folder'
import { main } from '@/operator/duplicates/main'
import { atTenant } from '../../lib/sign-in-methods/at-tenant'
import { aFolder, aPlan, journalOf, type PlannedGroup } from './a-plan'

const tenant = await atTenant()
const ANN: PlannedGroup = ['auth0|ann', 'google-oauth2|ann-g']
const BEA: PlannedGroup = ['auth0|bea', 'google-oauth2|bea-g', 'github|bea-h']
const READS = ['roles', 'permissions', 'organizations', 'authentication-methods']

beforeEach(() => {
  vi.stubEnv('OPERATOR_LINKS', 'on')
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  // A limit so high that `apply` never waits for it.
  tenant.state.changeOptions({ rate_limit: { burst: 100_000, per_second: 100_000 } })
})

const said = () => vi.mocked(console.error).mock.calls.flat().join('\n')
const readUser = async (id: string) => structuredClone(tenant.state.users.get(id))
const run = (folder: Folder, ...args: string[]) => main([...args, '--out', folder.path])
const apply = (folder: Folder, id: string, ...args: string[]) =>
  run(folder, 'apply', '--plan-id', id, ...args)
const ends = (folder: Folder) =>
  journalOf(folder).flatMap(({ step, code }) => (step === 'begun' ? [] : [code ?? step]))

/** Plans groups and applies them. */
async function applied(...groups: PlannedGroup[]) {
  const folder = aFolder()
  const id = await aPlan(folder, groups, readUser)
  return { folder, id, status: await apply(folder, id) }
}

describe('apply', () => {
  it('links a pair as a login does, and says in the snapshot that an operator did', async () => {
    const { folder, status } = await applied(ANN)
    expect([status, ends(folder)]).toEqual([0, ['linked']])
    expect(tenant.identities('auth0|ann')).toEqual(ANN)
    const account = parseAccount(tenant.user('auth0|ann'))
    const stored = account && (await snapshotOf(account, 'google-oauth2|ann-g'))
    expect(stored?.snapshot.proof).toEqual({
      way: 'operator',
      client_id: 'linking-m2m',
      client_name: 'Example Inc',
    })
    expect(tenant.told()).toEqual(['account.linked'])
    expect(said()).not.toContain('ann@')
  })

  it('mails the owner of the accounts if a mail server is configured', async () => {
    const sink = await startSmtpSink(() => tenant.state, 0)
    onTestFinished(() => sink.close())
    vi.stubEnv('SMTP_URL', `smtp://127.0.0.1:${sink.port}`)
    vi.stubEnv('MAIL_FROM', 'Example Inc <accounts@example.com>')
    await applied(ANN)
    expect(tenant.state.mails.map(({ to }) => to)).toEqual(['ann@example.com'])
  })

  it('makes the calls of a link at a login: reads both users and the rights of the secondary, writes, links, and ends older sessions', async () => {
    tenant.begin('old', 60)
    await applied(ANN)
    expect(tenant.calls()).toEqual([
      ...ANN.map((id) => `GET ${id}`),
      ...READS.map((kind) => `GET google-oauth2|ann-g/${kind}`),
      ...['PATCH auth0|ann', 'POST auth0|ann/identities'],
      ...ANN.flatMap((id) => [`DELETE ${id}/refresh-tokens`, `GET ${id}/sessions`]),
      ...['DELETE sessions/old', 'PATCH auth0|ann'],
    ])
    expect(tenant.state.sessions.has('old')).toBe(false)
  })

  it("leaves a value of the operator's alone that stands under our metadata key", async () => {
    tenant.change('auth0|ann', { app_metadata: { account_linking: 'of the operator' } })
    const { folder } = await applied(ANN)
    expect(ends(folder)).toEqual(['linked'])
    expect(tenant.user('auth0|ann').app_metadata).toMatchObject({ account_linking: 'of the operator' })
  })

  it('writes each step into a journal that only its owner may read', async () => {
    const { folder } = await applied(ANN)
    expect(journalOf(folder)).toEqual([
      expect.objectContaining({ act: 'apply', pair: ANN[1], primary: ANN[0], step: 'begun' }),
      expect.objectContaining({ act: 'apply', pair: ANN[1], primary: ANN[0], step: 'linked', calls: 13 }),
    ])
    expect(statSync(folder.journal).mode & 0o777).toBe(0o600)
  })

  it('links several accounts of one person, one after the other', async () => {
    const { folder, status } = await applied(BEA)
    expect([status, ends(folder)]).toEqual([0, ['linked', 'linked']])
    expect(tenant.identities('auth0|bea')).toEqual(BEA)
  })

  it('makes no call if it runs again after everything was linked', async () => {
    const { folder, id } = await applied(ANN, BEA)
    const before = tenant.calls().length
    expect(await apply(folder, id)).toBe(0)
    expect(tenant.calls()).toHaveLength(before)
  })

  it('links at most --limit pairs, and continues within a group', async () => {
    const folder = aFolder()
    const id = await aPlan(folder, [BEA, ANN], readUser)
    expect(await apply(folder, id, '--limit', '1')).toBe(0)
    expect(ends(folder)).toEqual(['linked'])
    expect(await apply(folder, id, '--limit', '2')).toBe(0)
    expect(ends(folder)).toEqual(['linked', 'linked', 'linked'])
  })

  it('skips pairs that the plan refuses', async () => {
    const folder = aFolder()
    const groups = [ANN, BEA]
    const id = await aPlan(
      folder,
      groups,
      readUser,
      {},
      {},
      { [ANN[1] ?? '']: 'declined', 'github|bea-h': 'blocked' },
    )
    expect(await apply(folder, id)).toBe(0)
    expect(journalOf(folder).map(({ pair }) => pair)).toEqual(['google-oauth2|bea-g', 'google-oauth2|bea-g'])
  })

  it('writes nothing in a dry run, and needs no OPERATOR_LINKS for it', async () => {
    vi.stubEnv('OPERATOR_LINKS', 'off')
    const folder = aFolder()
    const id = await aPlan(folder, [ANN, BEA], readUser)
    expect(await apply(folder, id, '--dry-run')).toBe(0)
    expect(tenant.writes()).toEqual([])
    expect(said()).toContain('linkable 3')
    expect(() => statSync(folder.journal)).toThrow('ENOENT')
  })
})

describe('a run after a kill', () => {
  /** Links, and shortens the journal as if the process had been killed after the link, while it wrote the line about it. */
  async function killed() {
    const { folder, id } = await applied(ANN)
    const [begun = ''] = readFileSync(folder.journal, 'utf8').split('\n')
    writeFileSync(folder.journal, `${begun}\n{"at":"2026-`)
    return { folder, id, before: tenant.calls().length }
  }

  it('finds the link that was made, does not make it again, and sends its event', async () => {
    const { folder, id, before } = await killed()
    expect([await apply(folder, id), ends(folder)]).toEqual([0, ['linked']])
    expect(tenant.calls().slice(before)).toEqual(['GET auth0|ann'])
    expect(tenant.told()).toEqual(['account.linked', 'account.linked'])
  })

  it('refuses with same_account if the person made the link at a login in the meantime', async () => {
    const { folder, id } = await killed()
    for (const value of Object.values(tenant.user('auth0|ann').app_metadata ?? {}))
      if (Object(value).proof) Object(value).proof.way = 'login'
    expect([await apply(folder, id), ends(folder)]).toEqual([1, ['same_account']])
  })

  it('links the pair if the killed run did not, although that run already wrote to the account', async () => {
    const folder = aFolder()
    const id = await aPlan(folder, [ANN], readUser)
    tenant.play({ match: { method: 'POST', path: '/identities$' }, effect: { status: 400 } })
    expect(await apply(folder, id)).toBe(1)
    tenant.mend()
    const [begun = ''] = readFileSync(folder.journal, 'utf8').split('\n')
    writeFileSync(folder.journal, `${begun}\n`)
    expect([await apply(folder, id), ends(folder)]).toEqual([0, ['linked']])
  })
})

describe('a pair', () => {
  const google = 'google-oauth2|ann-g'
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString()

  it.each<[string, string, Partial<StoredUser>]>([
    ['whose address is not verified', 'unverified', { email_verified: false }],
    ['with another address', 'email_mismatch', { email: 'other@example.com' }],
    ['that is blocked', 'blocked', { blocked: true }],
    [
      'of a connection that does not verify addresses',
      'untrusted_connection',
      {
        identities: [
          { provider: 'samlp', user_id: 'ann', connection: 'acme-saml', isSocial: false },
        ] as StoredUser['identities'],
      },
    ],
    ['that is the older account by now', 'decision_changed', { created_at: '2001-01-01T00:00:00.000Z' }],
    [
      'with metadata that no snapshot holds',
      'metadata_too_large',
      { user_metadata: { essay: 'x'.repeat(4_000) } },
    ],
  ])('%s is refused with %s, although the plan names it', async (_what, code, fields) => {
    tenant.change(google, fields)
    const { folder, status } = await applied(ANN)
    expect([status, ends(folder)]).toEqual([1, [code]])
    expect(tenant.writes()).toEqual([])
  })

  it.each<[string, string, Partial<StoredUser>]>([
    ['the account that ends has another address', google, { email: 'ANN@other.example' }],
    ['the account that ends has lost its verification', google, { email_verified: false }],
    ['the account that ends has other metadata', google, { user_metadata: { theme: 'light' } }],
    ['the account that stays has other metadata', 'auth0|ann', { app_metadata: { plan: 'free' } }],
    ['the account that stays is blocked', 'auth0|ann', { blocked: true }],
  ])('is refused as changed if %s since the plan', async (_what, id, fields) => {
    const folder = aFolder()
    const plan = await aPlan(folder, [ANN], readUser)
    tenant.change(id, fields)
    expect([await apply(folder, plan), ends(folder)]).toEqual([1, ['changed']])
    expect(tenant.writes()).toEqual([])
  })

  it('is linked although both have signed in since the plan', async () => {
    const folder = aFolder()
    const plan = await aPlan(folder, [ANN], readUser)
    for (const id of ANN) tenant.change(id, { last_login: at(0), logins_count: 99, updated_at: at(0) })
    expect(await apply(folder, plan)).toBe(0)
  })

  it('that its owner has declined is refused as declined', async () => {
    const { folder } = await applied(ANN)
    expect(await run(folder, 'undo')).toBe(0)
    const again = await applied(ANN)
    expect([again.status, ends(again.folder)]).toEqual([1, ['declined']])
  })

  it.each(ANN)('that its owner has disputed from a mail is refused as declined: mark on %s', async (id) => {
    const declined = { [await pairKey(ANN[0], ANN[1] ?? '')]: { until: NEVER, at: 1, disputed: true } }
    tenant.change(id, { app_metadata: { account_linking: { declined } } })
    const { folder, status } = await applied(ANN)
    expect([status, ends(folder), tenant.writes()]).toEqual([1, ['declined'], []])
  })

  it('that was refused as changed is linked by a new plan, which knows the change', async () => {
    const folder = aFolder()
    const plan = await aPlan(folder, [ANN], readUser)
    tenant.change(google, { user_metadata: { theme: 'light' } })
    expect([await apply(folder, plan), ends(folder)]).toEqual([1, ['changed']])
    expect(await apply(folder, await aPlan(folder, [ANN], readUser))).toBe(0)
    expect(ends(folder)).toEqual(['changed', 'linked'])
  })

  it('that was linked by other means is refused with same_account', async () => {
    const folder = aFolder()
    const plan = await aPlan(folder, [ANN], readUser)
    tenant.state.users.delete(google)
    tenant.attach('auth0|ann', { provider: 'google-oauth2', user_id: 'ann-g', connection: 'google-oauth2' })
    expect([await apply(folder, plan), ends(folder)]).toEqual([1, ['same_account']])
  })

  it('whose secondary was deleted is refused with not_available', async () => {
    const folder = aFolder()
    const plan = await aPlan(folder, [ANN], readUser)
    tenant.state.users.delete(google)
    expect([await apply(folder, plan), ends(folder)]).toEqual([1, ['not_available']])
  })

  it.each<[string, PlannedGroup]>([
    ['roles_lost', ['auth0|ivo', 'google-oauth2|ivo-g']],
    // Nothing would be lost if the other account stayed, but the operator did not approve that.
    ['decision_changed', ['auth0|jo', 'google-oauth2|jo-g']],
  ])('that would lose rights is refused with %s', async (code, group) => {
    const { folder, status } = await applied(group)
    expect([status, ends(folder)]).toEqual([1, [code]])
    expect(tenant.writes()).toEqual([])
  })

  it('is tried again after a failure of the tenant, but not after a refusal for good', async () => {
    const folder = aFolder()
    const plan = await aPlan(folder, [ANN], readUser)
    tenant.play({ match: { method: 'POST', path: '/identities$' }, effect: { status: 503 }, times: 9 })
    expect(await apply(folder, plan)).toBe(1)
    tenant.mend()
    expect(await apply(folder, plan)).toBe(0)
    expect(tenant.identities('auth0|ann')).toEqual(ANN)
    const other = aFolder()
    tenant.change('google-oauth2|eve-g', { blocked: true })
    const refused = await aPlan(other, [['auth0|eve', 'google-oauth2|eve-g']], readUser)
    expect(await apply(other, refused)).toBe(1)
    const before = tenant.calls().length
    expect(await apply(other, refused)).toBe(0)
    expect(tenant.calls()).toHaveLength(before)
  })
})

describe('a plan', () => {
  const planned = async (
    ...args: Parameters<typeof aPlan> extends [Folder, ...infer Rest] ? Partial<Rest> : never
  ) => {
    const folder = aFolder()
    const [groups = [ANN], read = readUser, head] = args
    return { folder, id: await aPlan(folder, groups, read, head) }
  }
  const refusal = async (folder: Folder, id: string) => {
    const status = await apply(folder, id)
    expect(tenant.calls()).toEqual([])
    return [status, said().split(':')[0]]
  }

  it('is refused if a pair was put into it after it was made', async () => {
    const { folder, id } = await planned()
    const line = readFileSync(folder.plan, 'utf8')
    writeFileSync(folder.plan, line + line.replaceAll('ann', 'bea'))
    expect(await refusal(folder, id)).toEqual([3, 'plan_changed'])
  })

  it('is refused if all of it was replaced: the operator approved another plan', async () => {
    const { id } = await planned()
    const forged = await planned([BEA])
    expect(await refusal(forged.folder, id)).toEqual([3, 'plan_not_approved'])
  })

  it('is refused if it only claims the id that was approved', async () => {
    const { id } = await planned()
    const forged = await planned([BEA], readUser, { plan_id: id })
    expect(await refusal(forged.folder, id)).toEqual([3, 'plan_changed'])
  })

  it.each([
    ['for another tenant', 'other_tenant', { tenant: 'other.eu.auth0.com' }],
    ['by other rules', 'other_policy', { policy: 'f'.repeat(32) }],
    [
      'more than 14 days ago',
      'plan_too_old',
      { made_at: new Date(Date.now() - 15 * 86_400_000).toISOString() },
    ],
    ['in the future', 'plan_too_old', { made_at: new Date(Date.now() + 86_400_000).toISOString() }],
  ])('is refused if it was made %s', async (_what, code, head) => {
    const { folder, id } = await planned([ANN], readUser, head)
    expect(await refusal(folder, id)).toEqual([3, code])
  })

  it('is refused if the rules were changed since', async () => {
    const { folder, id } = await planned()
    vi.stubEnv('BLOCKED_CONNECTIONS', 'google-oauth2')
    expect(await refusal(folder, id)).toEqual([3, 'other_policy'])
  })

  it('is not applied unless OPERATOR_LINKS is on', async () => {
    const { folder, id } = await planned()
    vi.stubEnv('OPERATOR_LINKS', 'off')
    expect(await refusal(folder, id)).toEqual([3, 'operator_links_off'])
  })

  it.each([
    ['no plan', ['apply', '--plan-id', 'x'], 'no_plan'],
    ['no id', ['apply'], 'bad_arguments'],
    ['a share of 0', ['apply', '--plan-id', 'x', '--share', '0'], 'bad_arguments'],
    ['a share above 1', ['apply', '--plan-id', 'x', '--share', '1.5'], 'bad_arguments'],
    ['a limit that is no number', ['apply', '--plan-id', 'x', '--limit', 'ten'], 'bad_arguments'],
    ['an unknown flag', ['apply', '--plan-id', 'x', '--force'], 'bad_arguments'],
  ])('is not applied with %s', async (_what, args, code) => {
    expect(await run(aFolder(), ...args)).toBe(3)
    expect(said()).toMatch(new RegExp(`^${code}: `))
  })
})
