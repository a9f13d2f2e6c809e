import { describe, expect, it } from 'vitest'
import type { Metadata } from '@/core'
import { PATCH } from '../../support/action/faults'
import { anActionTenant, linkClaims } from '../../support/action/tenant'
import { answerToken } from '../../support/tenant/suspended-login'

const world = await anActionTenant()
const { tenant, state, configure, play, logIn, ask, answer, answerLink, resumeWith } = world
const { calls, logs, userOf, identitiesOf, marksOf } = world

const PASSWORD = 'auth0|ann'
const GOOGLE = 'google-oauth2|ann-g'
const DENIED = 'Sign-in could not be completed. Please start again.'
const now = () => Math.floor(Date.now() / 1000)
/** A login that waits for its response token. Clears the ledger, so that it lists only later calls. */
async function asked(login = {}) {
  const waiting = await ask(login)
  state.ledger = []
  return waiting
}

describe('a response token that does not verify', () => {
  it.each<[string, Record<string, unknown>, string?]>([
    ['is signed with another secret', {}, 'x'.repeat(32)],
    ['is for another state', { state: 'other' }],
    ['has another purpose', { purpose: 'account-link.request' }],
    ['has no purpose', { purpose: undefined }],
    ['is from another service', { iss: 'http://localhost:1' }],
    ["is from the service's URL with a path", { iss: 'http://127.0.0.1/link' }],
    ['has expired', { exp: now() - 1 }],
    ['has no expiry', { exp: undefined }],
    ['is for another subject, on a tenant that compares it', { sub: 'auth0|bea' }],
  ])('lets the login go on without a link: it %s', async (_what, claims, secret) => {
    const waiting = await asked()
    const end = await answer(waiting, { ...linkClaims(waiting), ...claims }, secret)
    expect(end.claims?.sub).toBe(GOOGLE)
    expect(calls()).toEqual([])
    expect(logs()).toEqual([{ account_linking: 'answer_not_valid' }])
    expect((await logIn()).asked).toBeDefined()
  })

  it.each(['', 'x', 'a.b.c', '..'])('lets the login go on without a link: the token is %j', async (token) => {
    expect((await resumeWith(await asked(), token)).claims?.sub).toBe(GOOGLE)
    expect(calls()).toEqual([])
  })

  it('lets the login go on without a link: no token at all, or our own session token sent back', async () => {
    const waiting = await asked()
    const own = waiting.url.searchParams.get('session_token') ?? ''
    expect((await resumeWith(waiting, own)).claims?.sub).toBe(GOOGLE)
    const { url, browser, login, state: id } = await ask()
    expect(url.pathname).toBe('/link')
    const visit = await browser.visit(`${tenant.loginOrigin}/continue?state=${id}`, {
      stopAt: login.redirectUri,
    })
    expect(visit.url.searchParams.has('code')).toBe(true)
  })
})

describe('a response token that verifies but does not match the offer', () => {
  const bea = { user_id: 'auth0|bea', provider: 'auth0', connection: 'Username-Password-Authentication' }
  const beaG = { user_id: 'google-oauth2|bea-g', provider: 'google-oauth2', connection: 'google-oauth2' }
  const ann = { user_id: PASSWORD, provider: 'auth0', connection: 'Username-Password-Authentication' }
  const annG = { user_id: GOOGLE, provider: 'google-oauth2', connection: 'google-oauth2' }

  it.each<[string, Record<string, unknown>]>([
    ['another transaction', { txn: crypto.randomUUID() }],
    ['no transaction', { txn: undefined }],
    ['another transaction in a decline', { txn: 'x', result: 'declined' }],
    ['another subject', { sub: 'auth0|bea' }],
    ['another subject in a decline', { sub: 'auth0|bea', result: 'declined' }],
    ['two accounts of someone else', { primary_identity: bea, secondary_identity: beaG }],
    ['a candidate that was not offered', { primary_identity: bea }],
    [
      'a candidate that was not offered, as the secondary',
      { primary_identity: annG, secondary_identity: bea },
    ],
    ['the current account twice', { primary_identity: annG }],
    ['the candidate twice', { secondary_identity: ann }],
    ['another provider', { primary_identity: { ...ann, provider: 'google-oauth2' } }],
    ['another connection', { primary_identity: { ...ann, connection: 'legacy-db' } }],
    ['another connection of the current account', { secondary_identity: { ...annG, connection: 'x' } }],
    ['a list as an id', { primary_identity: { ...ann, user_id: [PASSWORD] } }],
    ['an object as a provider', { primary_identity: { ...ann, provider: { toString: 'auth0' } } }],
    ['text as the primary identity', { primary_identity: PASSWORD }],
    ['null as the secondary identity', { secondary_identity: null }],
    ['no primary identity', { primary_identity: undefined }],
    ['no secondary identity', { secondary_identity: undefined }],
    ['no identity at all', { primary_identity: undefined, secondary_identity: undefined }],
  ])('denies the login if it names %s', async (_what, claims) => {
    state.changeOptions({ answers: { validate_token_sub: false } })
    const before = structuredClone([...state.users])
    const end = await answerLink(await asked(), claims)
    expect(end.denied).toBe(DENIED)
    expect(calls()).toEqual([])
    const marks = ({ app_metadata: { account_linking: _marks, ...rest } }: { app_metadata: Metadata }) => rest
    expect([...state.users.values()].map(marks)).toEqual(before.map(([, user]) => marks(user)))
    expect(logs()).toEqual([{ account_linking: 'answer_impossible' }])
  })

  it('denies the login if it names two candidates and not the current account', async () => {
    const waiting = await asked({ email: 'bea@example.com' })
    const [one, other] = waiting.claims.candidate_identities as Record<string, unknown>[]
    const end = await answerLink(waiting, { primary_identity: one, secondary_identity: other })
    expect(end.denied).toBe(DENIED)
  })

  it('denies the login if it is from an earlier login but signed for this one', async () => {
    const earlier = await asked()
    const later = await ask()
    const old = await answerToken(tenant, later, {
      ...linkClaims(later),
      iss: world.service.origin,
      purpose: 'account-link.result',
      txn: earlier.claims.txn,
    })
    expect((await resumeWith(later, old)).denied).toBe(DENIED)
  })
})

describe('a pair that changed after the offer', () => {
  it.each<[string, () => unknown, string]>([
    ['candidate unverified', () => Object.assign(userOf(PASSWORD), { email_verified: false }), 'unverified'],
    ['candidate blocked', () => Object.assign(userOf(PASSWORD), { blocked: true }), 'blocked'],
    ['candidate deleted', () => state.users.delete(PASSWORD), 'not_available'],
    [
      'candidate has another address',
      () => Object.assign(userOf(PASSWORD), { email: 'x@example.com' }),
      'not_available',
    ],
    ['current account blocked', () => Object.assign(userOf(GOOGLE), { blocked: true }), 'blocked'],
    [
      'current account unverified',
      () => Object.assign(userOf(GOOGLE), { email_verified: false }),
      'unverified',
    ],
    [
      "candidate's connection blocked",
      () => configure({ ACCOUNT_LINKING_BLOCKED_CONNECTIONS: 'Username-Password-Authentication' }),
      'untrusted_connection',
    ],
    [
      'the rules let the other account stay',
      () => configure({ ACCOUNT_LINKING_PRIMARY: 'google-oauth2' }),
      'decision_changed',
    ],
    [
      'metadata too large',
      () => Object.assign(userOf(GOOGLE).app_metadata, { note: 'x'.repeat(3_000) }),
      'metadata_too_large',
    ],
  ])('is not linked: %s', async (_what, happens, reason) => {
    const waiting = await asked()
    await happens()
    expect((await answerLink(waiting)).claims?.sub).toBe(GOOGLE)
    expect(calls()).toEqual(['lookup'])
    expect(identitiesOf(GOOGLE)).toEqual([GOOGLE])
    const { declined = {}, ...marks } = marksOf(GOOGLE)
    expect(marks).toEqual({ last: { result: 'failed', reason, at: expect.closeTo(now(), -1) } })
    // Only this reason would be the same at the next login, so the account is not offered again for a week.
    const failures = Object.values(Object(declined))
    expect(failures).toEqual(
      reason === 'metadata_too_large'
        ? [{ at: expect.closeTo(now(), -1), until: expect.closeTo(now() + 7 * 86_400, -1), failed: true }]
        : [],
    )
    expect(logs()).toEqual([{ account_linking: 'not_linked', reason }])
  })

  it('is not linked if the primary account is blocked between the read and the write', async () => {
    const waiting = await asked()
    play({ match: PATCH, effect: { delay_ms: 300 } })
    const end = answerLink(waiting)
    await expect.poll(calls).toContain('patch')
    userOf(PASSWORD).blocked = true
    expect((await end).claims?.sub).toBe(GOOGLE)
    // The last PATCH removes the mark that sessions have to end after the link.
    expect(calls()).toEqual(['lookup', 'patch', 'patch'])
  })

  it('has its reason in the next session token', async () => {
    const waiting = await asked()
    userOf(PASSWORD).blocked = true
    await answerLink(waiting)
    userOf(PASSWORD).blocked = false
    expect((await ask()).claims.previous).toMatchObject({ result: 'failed', reason: 'blocked' })
  })
})
