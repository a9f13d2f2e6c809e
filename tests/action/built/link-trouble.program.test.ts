import { describe, expect, it } from 'vitest'
import type { FaultRule } from '@/local-tenant/control/records'
import { LINK, LOOKUP, PATCH, TOKEN } from '../../support/action/faults'
import { anActionTenant } from '../../support/action/tenant'

const world = await anActionTenant()
const { state, play, ask, answerLink, calls, logs, userOf, identitiesOf, marksOf } = world

const PASSWORD = 'auth0|ann'
const GOOGLE = 'google-oauth2|ann-g'
/** The account that logs in. The password account is older, so it stays. */
const SIDES = [
  ['stays', 'password', PASSWORD],
  ['ends', 'google-oauth2', GOOGLE],
] as const

/** Completes a login under faults. `calls()` then lists only the calls after the response token. */
async function answered(connection: string, ...faults: FaultRule[]) {
  const waiting = await ask({ connection })
  state.ledger = []
  play(...faults)
  return answerLink(waiting)
}
const expectLinked = () => {
  expect(identitiesOf(PASSWORD)).toEqual([PASSWORD, GOOGLE])
  expect(logs()).toMatchObject([{ account_linking: 'linked' }])
  expect(state.ledger.filter(({ effect }) => effect === 'link').length).toBeLessThanOrEqual(1)
}
const expectNotLinked = (userId: string, reason: string) => {
  expect(identitiesOf(PASSWORD)).toEqual([PASSWORD])
  expect(identitiesOf(GOOGLE)).toEqual([GOOGLE])
  expect(userOf(GOOGLE).user_metadata).toEqual({ theme: 'light', newsletter: true })
  expect(logs()).toEqual([{ account_linking: 'not_linked', reason }])
  expect(marksOf(userId)).toMatchObject({ last: { result: 'failed', reason } })
}

describe.each(SIDES)('a failing link call if the current account %s', (_side, connection, own) => {
  it.each<[string, FaultRule, string[]]>([
    ['the response is lost', { match: LINK, effect: { drop: 'after' } }, ['link', 'read']],
    ['the response is cut off', { match: LINK, effect: { truncate: true } }, ['link', 'read']],
    ['the response lists other identities', { match: LINK, effect: { body: [] } }, ['link', 'read']],
    ['the answer is no JSON', { match: LINK, effect: { body: '<html>' } }, ['link', 'read']],
    ['it fails after linking', { match: LINK, effect: { status: 502, drop: 'after' } }, ['link', 'read']],
    [
      'it says that the link exists',
      { match: LINK, effect: { status: 409, drop: 'after' } },
      ['link', 'read'],
    ],
    ['it fails once', { match: LINK, effect: { status: 500 }, times: 1 }, ['link', 'read', 'link']],
    ['it breaks off once', { match: LINK, effect: { drop: 'before' }, times: 1 }, ['link', 'read', 'link']],
    [
      'it responds once without linking',
      { match: LINK, effect: { status: 201, body: [] }, times: 1 },
      ['link', 'read', 'link'],
    ],
    ['it is empty once', { match: LINK, effect: { status: 204 }, times: 1 }, ['link', 'read', 'link']],
    [
      'the token is rejected once',
      { match: LINK, effect: { status: 401 }, times: 1 },
      ['link', 'token', 'link'],
    ],
    [
      'the rate limit is reached once',
      { match: LINK, effect: { status: 429, headers: { 'Retry-After': '1' } }, times: 1 },
      ['link', 'link'],
    ],
  ])('links once if %s', async (_what, fault, expected) => {
    expect((await answered(connection, fault)).claims?.sub).toBe(PASSWORD)
    expectLinked()
    // The last PATCH records that the old sessions have ended.
    expect(calls()).toEqual(['lookup', 'patch', ...expected, 'patch'])
  })

  it.each<[string, FaultRule, string, string[]]>([
    [
      'it always fails',
      { match: LINK, effect: { status: 500 } },
      'management_failed',
      ['link', 'read', 'link', 'read'],
    ],
    [
      'it lacks a scope',
      { match: LINK, effect: { status: 403, body: { message: 'canary' } } },
      'missing_scope',
      ['link'],
    ],
    ['it is refused', { match: LINK, effect: { status: 400 } }, 'link_refused', ['link']],
    [
      'it says that the link exists, but there is none',
      { match: LINK, effect: { status: 409 } },
      'link_refused',
      ['link', 'read'],
    ],
    [
      'the rate limit lasts for minutes',
      { match: LINK, effect: { status: 429, headers: { 'Retry-After': '300' } } },
      'management_failed',
      ['link'],
    ],
  ])('goes on without a link if %s', async (_what, fault, reason, expected) => {
    expect((await answered(connection, fault)).claims?.sub).toBe(own)
    // The last PATCH removes the mark that sessions have to end after the link.
    expect(calls()).toEqual(['lookup', 'patch', ...expected, 'patch'])
    expectNotLinked(own, reason)
  })

  it.each([401, 403, 500])(
    'goes on without a link, and may retry at the next login, if there is no token (%i)',
    async (status) => {
      const end = await answered(
        connection,
        { match: LINK, effect: { status: 401 }, times: 1 },
        { match: TOKEN, effect: { status }, times: 2 },
      )
      expect(end.claims?.sub).toBe(own)
      expect(calls().slice(0, 4)).toEqual(['lookup', 'patch', 'link', 'token'])
      expect(calls().filter((name) => name === 'link').length).toBeLessThanOrEqual(2)
      expectNotLinked(own, 'management_failed')
    },
  )

  it.each<[string, FaultRule, string, string[]]>([
    ['fails', { match: PATCH, effect: { status: 500 } }, 'management_failed', ['patch', 'patch']],
    ['lacks a scope', { match: PATCH, effect: { status: 403 } }, 'missing_scope', ['patch']],
    ['finds no account', { match: PATCH, effect: { status: 404 } }, 'link_refused', ['patch']],
    [
      'is stored only in part',
      {
        match: PATCH,
        effect: { body: { user_id: PASSWORD, identities: [], app_metadata: { plan: 'team' } } },
      },
      'management_failed',
      ['patch', 'patch'],
    ],
  ])('does not link if writing the snapshot %s', async (_what, fault, reason, expected) => {
    expect((await answered(connection, fault)).claims?.sub).toBe(own)
    expect(calls()).toEqual(['lookup', ...expected])
    expectNotLinked(own, reason)
  })

  it('writes the same bytes again if the response to the snapshot is lost', async () => {
    const end = await answered(connection, { match: PATCH, effect: { drop: 'after' }, times: 1 })
    expect(end.claims?.sub).toBe(PASSWORD)
    expectLinked()
    expect(calls()).toEqual(['lookup', 'patch', 'patch', 'link', 'patch'])
    const [first, second] = state.ledger.filter(({ method }) => method === 'PATCH')
    expect(JSON.stringify(second?.body)).toBe(JSON.stringify(first?.body))
  })

  it.each(['lookup', 'patch'])('gets one new token if the %s is rejected', async (call) => {
    const match = call === 'patch' ? PATCH : LOOKUP
    const end = await answered(connection, { match, effect: { status: 401 }, times: 1 })
    expect(end.claims?.sub).toBe(PASSWORD)
    expectLinked()
    expect(calls().filter((name) => name === 'token')).toHaveLength(1)
  })

  it('does not link if the lookup fails', async () => {
    const end = await answered(connection, { match: LOOKUP, effect: { status: 500 } })
    expect(end.claims?.sub).toBe(own)
    expect(calls()).toEqual(['lookup', 'lookup'])
    expectNotLinked(own, 'management_failed')
  })

  it('links at the next attempt, and copies nothing twice', async () => {
    await answered(connection, { match: LINK, effect: { status: 500 } })
    expect((await answerLink(await ask({ connection }))).claims?.sub).toBe(PASSWORD)
    expect(identitiesOf(PASSWORD)).toEqual([PASSWORD, GOOGLE])
    expect(userOf(PASSWORD).user_metadata).toEqual({ theme: 'dark', language: 'en', newsletter: true })
    expect(marksOf(PASSWORD)).not.toHaveProperty('last')
  })
})
