import { describe, expect, it } from 'vitest'
import { anExported, aScanFolder, linesOf } from './a-scan'

const SAML = 'samlp|acme|ann@example.com'
const ANN = [
  anExported('auth0|ann', 'ann@example.com', { logins_count: 7 }),
  anExported(SAML, 'ann@example.com', { blocked: true, created_at: undefined }),
  { user_id: 'github|ann', email: 'ann@example.com', email_verified: true },
]
const BEA = [anExported('auth0|bea', 'bea@example.com'), anExported('github|bea', 'bea@example.com')]

async function scanned() {
  const all = aScanFolder()
  await all.scan([all.write('a.json', linesOf(...ANN, ...BEA))])
  return all
}

describe('show', () => {
  it('prints a group by its key or a user id, without an address', async () => {
    const { run, groups } = await scanned()
    const { key } = groups().find(({ accounts }) => accounts.length === 3)
    const expected = [
      key,
      '  auth0|ann: Username-Password-Authentication, verified, since 2024-01-01, 7 logins',
      '  samlp|acme|…: samlp, verified, blocked, 0 logins, blocked',
      '  github|ann: verified, 0 logins, incomplete',
    ].join('\n')
    expect(await run('show', key)).toEqual({ status: 0, output: expected })
    expect(await run('show', SAML)).toEqual({ status: 0, output: expected })
  })

  it('says which account stays', async () => {
    const { run } = await scanned()
    const { output } = await run('show', 'github|bea')
    expect(output).toContain(
      'auth0|bea: Username-Password-Authentication, verified, since 2024-01-01, 0 logins, stays',
    )
    expect(output).toContain(
      'github|bea: github, verified, since 2024-01-01, 0 logins, linkable_before_rights',
    )
  })

  it('prints addresses with --show-addresses', async () => {
    const { run } = await scanned()
    const { output } = await run('show', SAML, '--show-addresses')
    expect(output).toContain(`${SAML}: samlp, ann@example.com, verified`)
  })

  it('refuses a call without a group, and reports a group that does not exist', async () => {
    const { run } = await scanned()
    expect((await run('show', '--show-addresses')).output).toMatch(/^bad_arguments: /)
    expect(await run('show', 'auth0|nobody')).toEqual({
      status: 3,
      output: expect.stringMatching(/^not_found: /),
    })
  })
})
