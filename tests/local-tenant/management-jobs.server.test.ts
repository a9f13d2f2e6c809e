import { beforeEach, describe, expect, it } from 'vitest'
import { TestBrowser } from '../support/browser/browser'
import { aManagementApi, userPath } from '../support/tenant/management-calls'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aManagementApi()

beforeEach(() => tenant.state.reset())

const send = (body: unknown, scope = 'update:users') =>
  tenant.call('POST', '/api/v2/jobs/verification-email', { scope, body })

const mails = async (to: string) =>
  (await tenant.call('GET', `/_tenant/mails?to=${encodeURIComponent(to)}`)).body

describe('POST /api/v2/jobs/verification-email', () => {
  it('starts a job and stores the mail', async () => {
    const { status, body } = await send({ user_id: 'auth0|cy', client_id: 'demo-app' })
    expect([status, body]).toEqual([
      201,
      {
        type: 'verification_email',
        status: 'pending',
        created_at: expect.any(String),
        id: expect.stringMatching(/^job_[A-Za-z0-9]{16}$/),
      },
    ])
    expect(await mails('cy@example.com')).toEqual([
      {
        at: body.created_at,
        type: 'verification_email',
        to: 'cy@example.com',
        user_id: 'auth0|cy',
        identity: { provider: 'auth0', user_id: 'cy' },
        client_id: 'demo-app',
        url: expect.stringContaining('http://localhost:4400/u/email-verification?ticket='),
      },
    ])
    expect(await mails('ann@example.com')).toEqual([])
    const job = await tenant.call('GET', `/api/v2/jobs/${body.id}`, { scope: 'read:users' })
    expect(job.body).toEqual({ ...body, status: 'completed' })
    expect((await tenant.call('GET', '/_tenant/')).body).toContain('Verify this address')
  })

  it('accepts an identity: the main one of a social account, or a linked one', async () => {
    const identity = { provider: 'google-oauth2', user_id: 'ann-g' }
    expect((await send({ user_id: 'google-oauth2|ann-g', identity })).status).toBe(201)
    await tenant.call('POST', userPath('auth0|cy', 'identities'), { scope: 'update:users', body: identity })
    expect((await send({ user_id: 'auth0|cy', identity })).status).toBe(201)
    expect(await mails('ann@example.com')).toMatchObject([
      { user_id: 'google-oauth2|ann-g' },
      { user_id: 'auth0|cy' },
    ])
  })

  it.each([
    ['no user', {}, 'Too few properties defined (0), minimum 1'],
    ['an additional property', { user_id: 'auth0|cy', email: 'x@example.com' }, 'Additional properties'],
    ['a malformed user id', { user_id: 'cy' }, 'format user-id'],
    ['an organization', { user_id: 'auth0|cy', organization_id: 'org_1' }, 'The organization does not exist'],
    [
      'a social account without an identity',
      { user_id: 'google-oauth2|ann-g' },
      'must be a database connection',
    ],
    [
      'an identity of another user',
      { user_id: 'auth0|cy', identity: { provider: 'auth0', user_id: 'ann' } },
      'does not contain the given identity',
    ],
    [
      'an unknown connection',
      {
        user_id: 'auth0|cy',
        identity: { provider: 'auth0', user_id: 'cy', connection_id: 'con_0000000000000000' },
      },
      'Identity connection does not exist.',
    ],
  ])('refuses %s', async (_what, body, message) => {
    const refused = await send(body)
    expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining(message)])
    expect(tenant.state.sentMails).toEqual([])
  })

  it('refuses an account without an address, an unknown user or application, and other scopes', async () => {
    delete tenant.state.users.get('auth0|cy')?.email
    expect((await send({ user_id: 'auth0|cy' })).body.message).toBe('User does not have an email address.')
    expect((await send({ user_id: 'auth0|gone' })).body.errorCode).toBe('inexistent_user')
    expect((await send({ user_id: 'auth0|ann', client_id: 'gone' })).body.errorCode).toBe('inexistent_client')
    expect((await send({ user_id: 'auth0|ann' }, 'read:users')).status).toBe(403)
    expect((await tenant.call('GET', '/api/v2/jobs/job_none', { scope: 'read:users' })).status).toBe(404)
  })

  it('deletes mails and jobs at a reset', async () => {
    const { body } = await send({ user_id: 'auth0|cy' })
    tenant.state.reset()
    expect(await mails('cy@example.com')).toEqual([])
    expect((await tenant.call('GET', `/api/v2/jobs/${body.id}`, { scope: 'read:users' })).status).toBe(404)
  })
})

describe('the link of a verification mail', async () => {
  const whole = await aTenant()
  const { state } = whole
  beforeEach(() => state.reset())

  const mail = (identity: { provider: string; user_id: string }) => {
    const url = `${state.settings.loginOrigin}/u/email-verification?ticket=${state.sentMails.length}`
    state.sentMails.push({
      at: new Date(state.now()).toISOString(),
      type: 'verification_email',
      to: 'cy@example.com',
      user_id: 'auth0|cy',
      identity,
      client_id: null,
      url,
    })
    return url
  }
  const visit = async (url: string) => (await new TestBrowser().visit(url)).status

  it('verifies the address, once', async () => {
    const url = mail({ provider: 'auth0', user_id: 'cy' })
    expect(await visit(url)).toBe(200)
    expect(state.users.get('auth0|cy')?.email_verified).toBe(true)
    expect(await visit(url)).toBe(400)
    expect(await visit(`${url}x`)).toBe(400)
  })

  it('works for the identity after it was linked into another account', async () => {
    const url = mail({ provider: 'auth0', user_id: 'cy' })
    const cy = state.users.get('auth0|cy')
    const ann = state.users.get('auth0|ann')
    for (const identity of cy?.identities ?? []) {
      ann?.identities.push({ ...identity, profileData: { email: cy?.email, email_verified: false } })
    }
    state.users.delete('auth0|cy')
    expect(await visit(url)).toBe(200)
    expect(ann?.identities[1]?.profileData?.email_verified).toBe(true)
  })

  it('is void after the account got another address or was deleted', async () => {
    const url = mail({ provider: 'auth0', user_id: 'cy' })
    const cy = state.users.get('auth0|cy')
    if (cy) cy.email = 'cyrus@example.com'
    expect(await visit(url)).toBe(400)
    expect(cy?.email_verified).toBe(false)
    state.users.delete('auth0|cy')
    expect(await visit(url)).toBe(400)
  })
})
