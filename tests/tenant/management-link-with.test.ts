import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi, userPath } from '../support/management'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

const ANN = userPath('auth0|ann', 'identities')
const SCOPE = 'update:users'

const link = (path: string, body: unknown, scope = SCOPE) => tenant.call('POST', path, { body, scope })

describe('link_with', () => {
  const idToken = (claims: Record<string, unknown> = {}) => {
    const now = Math.floor(tenant.state.now() / 1000)
    const whole = { iss: 'https://localhost:4401/', aud: 'linking-m2m', sub: 'google-oauth2|ann-g' }
    return tenant.state.signer.sign({ ...whole, iat: now, exp: now + 600, ...claims })
  }

  it('links the account the ID token speaks for', async () => {
    const { status, body } = await link(ANN, { link_with: await idToken() })
    expect(status).toBe(201)
    expect(body).toHaveLength(2)
  })

  it('works for the user themself', async () => {
    const answer = await tenant.call('POST', ANN, {
      scope: 'update:current_user_identities',
      claims: { sub: 'auth0|ann', azp: 'demo-spa' },
      body: { link_with: await idToken({ aud: 'demo-spa' }) },
    })
    expect(answer.status).toBe(201)
  })

  it.each([
    ['of the other door', { iss: 'http://localhost:4400/' }, 'issuer'],
    ['for another client', { aud: 'demo-app' }, 'differs from the azp'],
    ['for several clients', { aud: ['linking-m2m', 'demo-app'] }, 'is invalid'],
    ['without a subject', { sub: undefined }, 'must contain sub'],
    ['with a subject that is no user id', { sub: 'ann' }, 'subject (sub)'],
    ['of an unknown user', { sub: 'github|nobody' }, 'Provided secondary account not found.'],
    ['that has expired', { exp: 1 }, 'is invalid'],
  ])('refuses a token %s', async (_what, claims, message) => {
    const { status, body } = await link(ANN, { link_with: await idToken(claims) })
    expect(status).toBe(400)
    expect(body.message).toContain(message)
  })

  it('refuses HS256 and what is no token', async () => {
    const minted = await tenant.call('POST', '/_tenant/mint', {
      body: { claims: { sub: 'google-oauth2|ann-g' } },
    })
    expect((await link(ANN, { link_with: minted.body.token })).body.message).toContain('RS256')
    expect((await link(ANN, { link_with: 'x' })).body.message).toContain('invalid')
  })

  it('takes the token of the other door where issuers are aliases', async () => {
    tenant.state.changeOptions({ answers: { issuer_alias: true } })
    const { status } = await link(ANN, { link_with: await idToken({ iss: 'http://localhost:4400/' }) })
    expect(status).toBe(201)
  })
})
