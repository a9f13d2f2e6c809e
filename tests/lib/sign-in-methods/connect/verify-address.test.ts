import { describe, expect, it } from 'vitest'
import {
  assertVerified,
  canSendVerification,
  mustVerify,
  sendVerification,
} from '@/lib/sign-in-methods/connect/verify-address'
import { anAccount } from '../../../support/builders/accounts'
import { configure, configurePolicy, services } from '../../../support/process/page-services'
import { aSession } from '../a-session'
import { atTenant, LEAST_SCOPES } from '../at-tenant'

const tenant = await atTenant()
const SOCIAL = { identities: [{ provider: 'github', user_id: '7', connection: 'github' }] }
const MAIL = 'POST jobs/verification-email'

describe('mustVerify', () => {
  it.each([
    [{}, false, false],
    [{ email_verified: false }, false, true],
    [{ email_verified: false, ...SOCIAL }, false, false],
    [{ email_verified: false, ...SOCIAL }, true, true],
    [{ email: undefined }, false, false],
    [{ email: undefined }, true, true],
    [{}, true, false],
  ])('for %j, and the same address required: %s, is %s', (fields, sameEmail, expected) => {
    configurePolicy({ sameEmail })
    const account = anAccount(fields)
    expect(mustVerify(services(), account)).toBe(expected)
    if (expected) expect(() => assertVerified(services(), account)).toThrow('own_unverified')
    else expect(() => assertVerified(services(), account)).not.toThrow()
  })
})

describe('sendVerification', () => {
  it('makes the tenant send one mail, for the identity with the address', async () => {
    tenant.change('auth0|ann', { email_verified: false })
    expect(await sendVerification(services(), aSession())).toBe(true)
    expect(tenant.writes()).toEqual([MAIL])
    expect(tenant.state.sentMails).toMatchObject([
      { to: 'ann@example.com', user_id: 'auth0|ann', identity: { provider: 'auth0', user_id: 'ann' } },
    ])
  })

  it('sends nothing if the address is already verified', async () => {
    expect(await sendVerification(services(), aSession())).toBe(false)
    expect(tenant.writes()).toEqual([])
  })

  it('is not retried if the response is lost', async () => {
    tenant.change('auth0|ann', { email_verified: false })
    tenant.lose((call) => call === MAIL)
    await expect(sendVerification(services(), aSession())).rejects.toMatchObject({
      code: 'tenant_unreachable',
    })
    expect(tenant.writes()).toEqual([MAIL])
  })

  it.each([
    [
      'the operator did not grant the scope',
      () => tenant.grant(...LEAST_SCOPES.filter((scope) => scope !== 'update:users')),
    ],
    ['there is no address', () => tenant.change('auth0|ann', { email: undefined })],
  ])('throws missing_scope if %s', async (_why, happens) => {
    configurePolicy({ sameEmail: true })
    tenant.change('auth0|ann', { email_verified: false })
    happens()
    await expect(sendVerification(services(), aSession())).rejects.toMatchObject({ code: 'missing_scope' })
    expect(tenant.writes()).toEqual([])
  })

  it("is not offered with the person's own token, which lacks the right", async () => {
    configure({ linkingAuthority: 'user' })
    expect(await canSendVerification(services(), anAccount())).toBe(false)
  })
})
