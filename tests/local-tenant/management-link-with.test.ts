import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSigner } from '@/local-tenant/tokens'
import { aManagementApi, userPath } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

const ANN = userPath('auth0|ann', 'identities')
const SCOPE = 'update:users'

const OTHER_ISSUER = 'JWT (link_with) must have the same issuer as the calling user.'
const OTHER_CLIENT = "JWT (link_with) must have an aud claim that matches that of the calling token's azp."
const BAD_AUDIENCE = 'JWT (link_with) contains an invalid aud claim.'
const BAD_SUBJECT = 'JWT (link_with) contains an invalid sub claim.'

const link = (path: string, body: unknown, scope = SCOPE) => tenant.call('POST', path, { body, scope })

describe('link_with', () => {
  const idToken = (claims: Record<string, unknown> = {}) => {
    const now = Math.floor(tenant.state.now() / 1000)
    const whole = { iss: 'https://localhost:4401/', aud: 'linking-m2m', sub: 'google-oauth2|ann-g' }
    return tenant.state.signer.sign({ ...whole, iat: now, exp: now + 600, ...claims })
  }

  it('links the account that the ID token identifies', async () => {
    const { status, body } = await link(ANN, { link_with: await idToken() })
    expect(status).toBe(201)
    expect(body).toHaveLength(2)
  })

  it('works for a call by the user', async () => {
    const answer = await tenant.call('POST', ANN, {
      scope: 'update:current_user_identities',
      claims: { sub: 'auth0|ann', azp: 'demo-spa' },
      body: { link_with: await idToken({ aud: 'demo-spa' }) },
    })
    expect(answer.status).toBe(201)
  })

  it.each([
    ['of the other door', { iss: 'http://localhost:4400/' }, OTHER_ISSUER],
    ['for another client', { aud: 'demo-app' }, OTHER_CLIENT],
    ['for several clients', { aud: ['linking-m2m', 'demo-app'] }, BAD_AUDIENCE],
    ['for no client', { aud: undefined }, BAD_AUDIENCE],
    ['without a subject', { sub: undefined }, 'JWT (link_with) must contains sub claim.'],
    ['with a subject that is not a user id', { sub: 'ann' }, BAD_SUBJECT],
    ['with a subject that is not a text', { sub: 7 }, BAD_SUBJECT],
    ['of an unknown user', { sub: 'github|unknown' }, 'Provided secondary account not found.'],
    ['of the primary user', { sub: 'auth0|ann' }, 'Main identity and the new one are the same.'],
    ['that has expired', { exp: 1 }, 'Invalid token (link_with).'],
  ])('refuses a token %s', async (_what, claims, message) => {
    const { status, body } = await link(ANN, { link_with: await idToken(claims) })
    expect(status).toBe(400)
    expect(body).toMatchObject({ statusCode: 400, error: 'Bad Request', message })
    expect(tenant.state.users.get('auth0|ann')?.identities).toHaveLength(1)
  })

  it('refuses HS256, a foreign key, and text that is not a token', async () => {
    const minted = await tenant.call('POST', '/_tenant/mint', {
      body: { claims: { sub: 'google-oauth2|ann-g' } },
    })
    const messageOf = async (token: string) => (await link(ANN, { link_with: token })).body.message
    expect(await messageOf(minted.body.token)).toBe('JWT (link_with) must have an alg of RS256.')
    const other = await createSigner()
    const claims = { iss: 'https://localhost:4401/', aud: 'linking-m2m', sub: 'google-oauth2|ann-g' }
    expect(await messageOf(await other.sign(claims))).toBe('Invalid token (link_with).')
    expect(await messageOf('x')).toBe('Invalid token (link_with).')
  })

  it('refuses the token of an account that is linked already', async () => {
    const token = await idToken()
    await link(ANN, { link_with: token })
    expect((await link(ANN, { link_with: token })).body.message).toBe('Provided secondary account not found.')
  })

  it('accepts the token of the other door if issuers are aliases', async () => {
    tenant.state.changeOptions({ answers: { issuer_alias: true } })
    const { status } = await link(ANN, { link_with: await idToken({ iss: 'http://localhost:4400/' }) })
    expect(status).toBe(201)
  })
})
