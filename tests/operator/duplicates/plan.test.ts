import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { accountState } from '@/core'
import { parseAccount } from '@/lib/auth0/account'
import { PlanHead, PlannedPair } from '@/operator/duplicates/plan/plan-file'
import { PlanHasher } from '@/operator/duplicates/plan/plan-id'
import { atTenant } from '../../lib/sign-in-methods/at-tenant'
import { anExported, aScanFolder, jsonLines, linesOf } from './a-scan'

const tenant = await atTenant()

const RULE = {
  connections: { stays: ['auth0'], ends: ['google-oauth2', 'oidc:partner'] },
  because: 'The import of March was made twice.',
}

/** A folder with the command `plan --rule`, and readers of the plan that it writes. */
function aPlanFolder() {
  const all = aScanFolder()
  return {
    ...all,
    plan: (rule: object = {}, ...args: string[]) =>
      all.run('plan', '--rule', all.write('rule.json', JSON.stringify({ ...RULE, ...rule })), ...args),
    pairs: () => jsonLines(all.folder.plan).map((pair) => PlannedPair.parse(pair)),
    head: () => PlanHead.parse(JSON.parse(readFileSync(all.folder.planHead, 'utf8'))),
    /** Each pair of the plan as its secondary and its outcome. */
    outcomes: () =>
      jsonLines(all.folder.plan)
        .map(({ secondary, outcome }) => `${secondary} ${outcome}`)
        .sort(),
  }
}

/** {@link aPlanFolder} in which these users were scanned. */
async function aPlanOf(...users: object[]) {
  const all = aPlanFolder()
  await all.scan([all.write('users.json', linesOf(...users))])
  return all
}

/** {@link aPlanFolder} in which the users of the tenant were scanned and planned. */
async function aPlanOfTenant() {
  const all = aPlanFolder()
  vi.useRealTimers()
  tenant.state.changeOptions({ rate_limit: { burst: 100_000, per_second: 100_000 } })
  await all.run('scan')
  await all.plan()
  return all
}

const OLD = { created_at: '2020-01-01T00:00:00.000Z' }
const person = (name: string, fields: object = {}, more: object = {}) => [
  anExported(`auth0|${name}`, `${name}@example.com`, { ...OLD, ...fields }),
  anExported(`google-oauth2|${name}`, `${name}@example.com`, { ...more }),
]

describe('plan', () => {
  it('lists each pair with the metadata that would be carried over, and the account states that apply compares', async () => {
    const [stays, ends] = person('ann', {}, { user_metadata: { theme: 'dark' } })
    const { plan, pairs, folder } = await aPlanOf(
      stays as object,
      ends as object,
      ...person('bea', { email_verified: false }),
    )
    const { status, output } = await plan()
    expect(status).toBe(1)
    const state = (user: unknown) => accountState(parseAccount(user) as never)
    expect(pairs()).toContainEqual({
      key: expect.stringMatching(/^[0-9a-f]{32}$/),
      ...{ primary: 'auth0|ann', secondary: 'google-oauth2|ann', outcome: 'linkable_before_rights' },
      states: { primary: await state(stays), secondary: await state(ends) },
      carried: { user_metadata: ['theme'], app_metadata: [] },
    })
    expect(output).toContain('1 pairs would be linked, 1 would not: unverified 1.')
    expect(output).toContain('google-oauth2|ann becomes part of auth0|ann; carried: theme')
    expect(output).not.toContain('@')
    expect([folder.plan, folder.planHead].map((path) => statSync(path).mode & 0o777)).toEqual([0o600, 0o600])
  })

  it('computes the same state of an account from an export as from a read', async () => {
    const { pairs } = await aPlanOfTenant()
    const response = await fetch('https://localhost:4401/api/v2/users/auth0%7Cann', {
      headers: { authorization: `Bearer ${await tokenOf('read:users')}` },
    })
    const planned = pairs().find(({ primary }) => primary === 'auth0|ann')
    expect(planned?.states.primary).toBe(await accountState(parseAccount(await response.json()) as never))
  })

  it('prints the warning of Auth0, the reason, and a plan_id that is a hash of the whole plan', async () => {
    const { plan, head, folder } = await aPlanOf(...person('ann'))
    const { output } = await plan()
    expect(output).toContain("should not automatically link accounts based on the user's emails")
    expect(output).toContain(RULE.because)
    const { plan_id, ...rest } = head()
    expect(output).toContain(`plan_id ${plan_id}`)
    const hasher = new PlanHasher()
    for (const line of readFileSync(folder.plan, 'utf8').trim().split('\n')) hasher.add(line)
    expect(hasher.end(rest)).toBe(plan_id)
    expect(rest).toMatchObject({
      tenant: 'localhost:4401',
      linkable: 1,
      refused: 0,
      rule: { ...RULE, most_accounts: 2 },
    })
  })

  it('shows ten pairs at most, and addresses only if asked', async () => {
    const { plan } = await aPlanOf(...Array.from({ length: 12 }, (_each, at) => person(`p${at}`)).flat())
    const lines = (output: string) => output.split('\n').filter((line) => line.includes('becomes part of'))
    expect(lines((await plan()).output)).toHaveLength(10)
    expect(lines((await plan({}, '--show-addresses')).output)[0]).toMatch(/ p\d+@example\.com google/)
  })

  it('hides user ids that are addresses', async () => {
    const saml = anExported('samlp|acme|ann@example.com', 'ann@example.com')
    vi.stubEnv('TRUSTED_CONNECTIONS', 'auth0,samlp')
    const { plan } = await aPlanOf(person('ann')[0] as object, saml)
    const { output } = await plan({ connections: { stays: ['auth0'], ends: ['samlp'] } })
    expect(output).toContain('samlp|acme|… becomes part of auth0|ann')
  })
})

describe('plan: a rule', () => {
  const CASES: [what: string, rule: object, outcomes: string[]][] = [
    [
      'pairs of its connections',
      {},
      ['google-oauth2|ann linkable_before_rights', 'google-oauth2|bea linkable_before_rights'],
    ],
    ['no pair of another domain', { domains: ['Other.example.com'] }, []],
    [
      'pairs of a domain, in any case',
      { domains: ['EXAMPLE.com'] },
      ['google-oauth2|ann linkable_before_rights', 'google-oauth2|bea linkable_before_rights'],
    ],
    [
      'accounts that were created before a day',
      { created_before: '2024-01-02' },
      ['google-oauth2|ann linkable_before_rights'],
    ],
    ['no pair of other connections', { connections: { stays: ['auth0'], ends: ['github'] } }, []],
    [
      'pairs the other way round, which are refused',
      { connections: { stays: ['google-oauth2'], ends: ['auth0'] } },
      ['google-oauth2|ann other_account_stays', 'google-oauth2|bea other_account_stays'],
    ],
    [
      'no pair of another connection with the same strategy',
      { connections: { stays: ['auth0:other'], ends: ['google-oauth2'] } },
      [],
    ],
  ]
  it.each(CASES)('selects %s', async (_what, rule, expected) => {
    const { plan, outcomes } = await aPlanOf(
      ...person('ann'),
      ...person('bea', {}, { created_at: '2025-01-01T00:00:00.000Z' }),
    )
    await plan(rule)
    expect(outcomes()).toEqual(expected)
  })

  it('selects addresses with more than two accounts only with most_accounts; one account of each stays', async () => {
    const github = anExported('github|ann', 'ann@example.com')
    const { plan, outcomes, pairs } = await aPlanOf(...person('ann'), github)
    const connections = { stays: ['auth0'], ends: ['google-oauth2', 'github'] }
    await plan({ connections })
    expect(outcomes()).toEqual([])
    await plan({ connections, most_accounts: 3 })
    expect(outcomes()).toEqual([
      'github|ann linkable_before_rights',
      'google-oauth2|ann linkable_before_rights',
    ])
    expect(new Set(pairs().map(({ primary, key }) => primary + key)).size).toBe(1)
  })

  it('never links an address that is not verified, or a connection that is not trusted', async () => {
    const { plan, outcomes } = await aPlanOf(
      ...person('ann', {}, { email_verified: false }),
      person('bea')[0] as object,
      anExported('samlp|bea', 'bea@example.com'),
    )
    await plan({ connections: { stays: ['auth0'], ends: ['google-oauth2', 'samlp'] } })
    expect(outcomes()).toEqual(['google-oauth2|ann unverified', 'samlp|bea untrusted_connection'])
  })

  it.each([
    ['no JSON', '{', 'no JSON'],
    ['an unknown field', { verified: false }, 'verified'],
    [
      'a connection without its strategy',
      { connections: { stays: ['partner'], ends: ['auth0'] } },
      'connections.stays.0',
    ],
    ['no connections', { connections: undefined }, 'connections'],
    ['no reason', { because: ' ' }, 'because'],
    ['too many accounts', { most_accounts: 31 }, 'most_accounts'],
    ['a day that is no date', { created_before: 'yesterday' }, 'created_before'],
  ])('is refused with %s', async (_what, rule, named) => {
    const { run, write } = aScanFolder()
    const text = typeof rule === 'string' ? rule : JSON.stringify({ ...RULE, ...rule })
    const { status, output } = await run('plan', '--rule', write('rule.json', text))
    expect([status, output]).toEqual([3, expect.stringMatching(/^bad_rule: /)])
    expect(output).toContain(named)
  })

  it('is required, and its file must be readable', async () => {
    const { run } = aScanFolder()
    expect((await run('plan')).output).toMatch(/^bad_arguments: /)
    expect((await run('plan', '--rights')).output).toMatch(/^no_plan: /)
    expect((await run('plan', '--rule', '/no/such')).output).toMatch(/^file_unreadable: /)
  })
})

describe('plan --rights', () => {
  it('reads the rights of accounts, makes outcomes final, and reads nothing twice', async () => {
    const { run, outcomes, folder, head } = await aPlanOfTenant()
    expect(outcomes()).toContain('google-oauth2|ivo-g linkable_before_rights')
    const before = head().plan_id
    const { status, output } = await run('plan', '--rights', '--share', '1')
    expect([status, output]).toEqual([1, expect.stringContaining('roles_lost 1')])
    expect(outcomes()).toContain('google-oauth2|ann-g linkable')
    expect(outcomes()).toContain('google-oauth2|ivo-g roles_lost')
    expect(head().plan_id).not.toBe(before)
    expect(await callsOf(() => run('plan', '--rights'))).toBe(0)
    // A new scan deletes the rights that were read before it: they may be out of date.
    await run('scan')
    expect(existsSync(folder.rights)).toBe(false)
  })

  it('continues where a killed run stopped', async () => {
    const { run, folder } = await aPlanOfTenant()
    const whole = await callsOf(() => run('plan', '--rights', '--share', '1'))
    const lines = readFileSync(folder.rights, 'utf8').trim().split('\n')
    // As if the run had been killed while it wrote the third line.
    writeFileSync(folder.rights, `${lines.slice(0, 2).join('\n')}\n${lines[2]?.slice(0, 20)}`)
    const rest = await callsOf(() => run('plan', '--rights', '--share', '1'))
    expect(rest).toBeLessThan(whole)
    expect(rest).toBeGreaterThan(0)
    expect(await callsOf(() => run('plan', '--rights', '--share', '1'))).toBe(0)
  })
})

const callsOf = async (run: () => Promise<unknown>): Promise<number> => {
  const before = tenant.calls().length
  await run()
  return tenant.calls().length - before
}

const tokenOf = (scope: string) => {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: 'https://localhost:4401/',
    sub: 'linking-m2m@clients',
    aud: 'https://localhost:4401/api/v2/',
  }
  return tenant.state.signer.sign({ ...claims, azp: 'linking-m2m', iat: now, exp: now + 600, scope })
}
