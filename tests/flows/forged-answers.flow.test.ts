import { beforeEach, describe, expect, inject, it } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { claimsOf, Flow, GOOGLE_ANN, type HeldLogin, PASSWORD_ANN } from '../support/flow/flow'

const flow = new Flow(inject('flowDemo'))
const { tenant, demo } = flow
beforeEach(() => tenant.reset())

const VICTIM = { ...PASSWORD_ANN, user_id: 'auth0|dee' }
const MALLORY = { ...PASSWORD_ANN, user_id: 'auth0|gil' }
const UNLINKED = { sub: 'google-oauth2|ann-g' }
const DENIED = {
  error: 'access_denied',
  error_description: 'Sign-in could not be completed. Please start again.',
}

/** The claims of a correct response token for a held login, with some replaced. Null leaves a claim out. */
function answer({ claims, state }: HeldLogin, over: Record<string, unknown> = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000)
  const good = {
    iss: demo.app,
    sub: claims.sub,
    iat: now,
    exp: now + 60,
    state,
    jti: crypto.randomUUID(),
    txn: claims.txn,
    purpose: 'account-link.result',
    result: 'link',
    primary_identity: PASSWORD_ANN,
    secondary_identity: GOOGLE_ANN,
    ...over,
  }
  return Object.fromEntries(Object.entries(good).filter(([, value]) => value !== null))
}

async function resume(
  browser: FlowBrowser,
  held: HeldLogin,
  token: string | undefined,
  method: 'GET' | 'POST' = 'POST',
) {
  const url = new URL('/continue', demo.tenant)
  url.searchParams.set('state', held.state)
  if (token !== undefined && method === 'GET') url.searchParams.set('session_token', token)
  return browser.visit(url, method === 'POST' ? { method, body: { session_token: token ?? '' } } : {})
}

async function heldAnn() {
  const browser = new FlowBrowser()
  return { browser, held: await flow.hold(browser, 'ann@example.com', { with: 'google-oauth2' }) }
}

describe('a response token signed with the shared secret', () => {
  it('is accepted if it is correct, so each row below differs in one thing', async () => {
    const { browser, held } = await heldAnn()
    const done = await resume(browser, held, await tenant.mint(answer(held)))
    expect(claimsOf(done).sub).toBe('auth0|ann')
  })

  it.each([
    ['D03 both accounts are strangers', { primary_identity: MALLORY, secondary_identity: VICTIM }],
    ['D04 the secondary was not offered', { primary_identity: GOOGLE_ANN, secondary_identity: VICTIM }],
    ['D04 the primary was not offered', { primary_identity: VICTIM, secondary_identity: GOOGLE_ANN }],
    ['D06 an account is linked to itself', { primary_identity: GOOGLE_ANN, secondary_identity: GOOGLE_ANN }],
    [
      'D06 the candidate is linked to itself',
      { primary_identity: PASSWORD_ANN, secondary_identity: PASSWORD_ANN },
    ],
    ['D07 the current account is not in it', { primary_identity: PASSWORD_ANN, secondary_identity: VICTIM }],
    ['D08 the provider is another one', { primary_identity: { ...PASSWORD_ANN, provider: 'google-oauth2' } }],
    ['D08 the connection is another one', { primary_identity: { ...PASSWORD_ANN, connection: 'legacy-db' } }],
    ['there is no primary', { primary_identity: null }],
    ['the transaction is another one', { txn: crypto.randomUUID() }],
    ['the transaction is missing', { txn: null }],
  ])('%s: denied with a generic sentence, nothing written', async (_row, over) => {
    const { browser, held } = await heldAnn()
    const done = await resume(browser, held, await tenant.mint(answer(held, over)))
    expect(claimsOf(done)).toEqual(DENIED)
    expect(await tenant.writes()).toEqual([])
  })

  it.each([
    ['D05 the subject is another user', { sub: 'auth0|dee' }],
    ['D11 the state is another login’s', { state: 'another' }],
    ['the purpose is missing', { purpose: null }],
    ['the purpose is that of a request', { purpose: 'account-link.request' }],
    ['the issuer is another service', { iss: 'https://evil.example' }],
    ['it has expired', { exp: Math.floor(Date.now() / 1000) - 120 }],
    ['it has no end', { exp: null }],
  ])('%s: it does not verify, so the login goes on unlinked', async (_row, over) => {
    const { browser, held } = await heldAnn()
    const done = await resume(browser, held, await tenant.mint(answer(held, over)))
    expect(claimsOf(done)).toMatchObject(UNLINKED)
    expect(await tenant.writes()).toEqual([])
  })

  it.each([
    ['another secret', {}, 'another-secret-another-secret-another'],
    ['no signature', { alg: 'none' }, 'shared'],
    ['another algorithm', { alg: 'HS384' }, 'shared'],
    ['the tenant’s own key', { alg: 'RS256' }, 'tenant'],
  ])('D02 with %s it does not verify, and the login goes on unlinked', async (_row, header, key) => {
    const { browser, held } = await heldAnn()
    const done = await resume(browser, held, await tenant.mint(answer(held), header, key))
    expect(claimsOf(done)).toMatchObject(UNLINKED)
    expect(await tenant.writes()).toEqual([])
  })

  it('D05 for another login, of another user, is refused in this one', async () => {
    const { browser, held } = await heldAnn()
    const dee = await flow.hold(new FlowBrowser(), 'bea@example.com', { with: 'google-oauth2' })
    const done = await resume(browser, held, await tenant.mint(answer(dee)))
    expect(claimsOf(done)).toMatchObject(UNLINKED)
  })

  it('D10 is accepted once: the tenant refuses a second resume, and there is one link', async () => {
    const { browser, held } = await heldAnn()
    const token = await tenant.mint(answer(held))
    await resume(browser, held, token)
    const second = await resume(browser, held, token)
    expect(second.status).toBe(400)
    expect((await tenant.writes()).filter((write) => write.startsWith('link'))).toHaveLength(1)
  })

  it('D11 is refused in a later login of the same user', async () => {
    const first = await heldAnn()
    const old = await tenant.mint(answer(first.held))
    const { browser, held } = await heldAnn()
    expect(claimsOf(await resume(browser, held, old))).toMatchObject(UNLINKED)
  })

  it('D12 cannot be replaced by the session token of the same login', async () => {
    const { browser, held } = await heldAnn()
    expect(claimsOf(await resume(browser, held, held.token))).toMatchObject(UNLINKED)
  })

  it('D13 may be missing: the login goes on unlinked', async () => {
    const { browser, held } = await heldAnn()
    expect(claimsOf(await resume(browser, held, undefined, 'GET'))).toMatchObject(UNLINKED)
  })

  it('D17 cannot link an account that became part of another user’s account meanwhile', async () => {
    const { browser, held } = await heldAnn()
    await tenant.administer('POST', 'auth0|dee', { provider: 'auth0', user_id: 'ann' }, '/identities')
    expect(claimsOf(await resume(browser, held, await tenant.mint(answer(held))))).toMatchObject(UNLINKED)
    expect((await tenant.user('auth0|dee'))?.identities).toHaveLength(2)
  })

  it('D23 is accepted by GET as well', async () => {
    const { browser, held } = await heldAnn()
    const done = await resume(browser, held, await tenant.mint(answer(held)), 'GET')
    expect(claimsOf(done).sub).toBe('auth0|ann')
  })
})
