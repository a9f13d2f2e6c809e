import { describe, expect, it } from 'vitest'
import { onContinuePostLogin } from '@/action/action'
import { pairKey } from '@/core'
import { anActionPlatform, aTenantUser, GOOGLE, NOW, PASSWORD } from '../../support/action/platform'
import { ANN, ANN_G, aWaitingLogin } from '../../support/action/waiting-login'
import { aReturningSnapshot } from '../../support/builders/users'

const platform = anActionPlatform()
const DENIED = [['deny', 'Sign-in could not be completed. Please start again.']]
const FORGET = ['setMetadata', 'account_linking_offer', null]
const { answer, ask, done, good } = aWaitingLogin(platform)

describe('a response token', () => {
  it('is validated with the shared secret, and accepted once', async () => {
    await answer({ result: 'skipped' })
    expect(platform.effects).toEqual([
      ['validateToken', { secret: 'shared-secret', tokenParameterName: 'session_token' }],
      FORGET,
    ])
    await onContinuePostLogin(platform.event, platform.api)
    expect(done()).toEqual(DENIED)
  })

  it.each<[string, Record<string, unknown>]>([
    ['has another purpose', { purpose: 'account-link.request' }],
    ['has no purpose', { purpose: undefined }],
    ['has another issuer', { iss: 'https://evil.test' }],
    ["has the service's URL with a path as issuer", { iss: 'https://app.example/link' }],
  ])('lets the login through if it %s', async (_what, claims) => {
    await answer(claims)
    expect(platform.effects.slice(1)).toEqual([FORGET])
    expect(platform.logs).toEqual([{ account_linking: 'answer_not_valid' }])
    expect(platform.calls).toEqual([])
  })

  it('lets the login through if it is missing', async () => {
    await ask()
    await onContinuePostLogin(platform.event, platform.api)
    expect(platform.effects.slice(1)).toEqual([FORGET])
    expect(platform.logs).toEqual([{ account_linking: 'answer_not_valid' }])
  })

  it('lets the login go on without a link if there is no transaction', async () => {
    await ask()
    delete platform.event.transaction
    delete platform.api.transaction
    await onContinuePostLogin(platform.event, platform.api)
    expect(done()).toEqual([])
    expect(platform.logs).toEqual([{ account_linking: 'answer_not_valid' }])
  })

  it.each<[string, Record<string, unknown>]>([
    ['another transaction', { txn: 'other' }],
    ['no transaction', { txn: undefined }],
    ['another transaction in a decline', { txn: 'other', result: 'declined' }],
    ['another subject', { sub: 'auth0|9' }],
    ['another subject in a decline', { sub: PASSWORD, result: 'declined' }],
    ['no account', { primary_identity: undefined, secondary_identity: undefined }],
    ['only the secondary account', { primary_identity: undefined }],
    ['only the primary account', { secondary_identity: undefined }],
    ['a stranger in place of the candidate', { primary_identity: { ...ANN, user_id: 'auth0|9' } }],
    ['another provider of the candidate', { primary_identity: { ...ANN, provider: 'github' } }],
    ['another connection of the candidate', { primary_identity: { ...ANN, connection: 'other' } }],
    ['a stranger in place of the current account', { secondary_identity: { ...ANN_G, user_id: 'github|9' } }],
    ['another connection of the current account', { secondary_identity: { ...ANN_G, connection: 'db' } }],
    ['the candidate twice', { secondary_identity: ANN }],
    ['the current account twice', { primary_identity: ANN_G }],
  ])('that names %s denies the login, without an API call', async (_what, claims) => {
    await answer(claims)
    expect(done()).toEqual(DENIED)
    expect(platform.logs).toEqual([{ account_linking: 'answer_impossible' }])
    expect(platform.calls).toEqual([])
  })

  it('denies the login if no offer is stored', async () => {
    platform.answer = { ...good({ txn: 't' }), result: 'declined' }
    for (const transaction of [undefined, {}, { metadata: {} }]) {
      platform.effects = []
      platform.event.transaction = transaction
      await onContinuePostLogin(platform.event, platform.api)
      expect(done()).toEqual(DENIED)
    }
  })

  it.each(['skipped', 'failed'])('with the result %s changes nothing', async (result) => {
    await answer({ result, primary_identity: undefined, secondary_identity: undefined })
    expect([done(), platform.calls, platform.logs]).toEqual([[], [], []])
  })
})

describe('a decline', () => {
  const until = async (claims: object = {}) => {
    await answer({ result: 'declined', ...claims })
    const [, marks] = platform.effect('setAppMetadata') ?? []
    return Object.values((marks as { declined: Record<string, { until: number }> }).declined)
  }

  it('is stored for 30 days, for every offered account', async () => {
    platform.users.push(aTenantUser('github|3'))
    const decline = { until: NOW + 30 * 86_400, at: NOW, client: 'Demo App' }
    expect(await until()).toEqual([decline, decline])
    expect(done().map(([name, key]) => [name, key])).toEqual([['setAppMetadata', 'account_linking']])
    expect(platform.logs).toEqual([{ account_linking: 'declined' }])
    expect(platform.calls).toEqual([])
  })

  it('is stored for as long as the operator configured', async () => {
    platform.event.secrets.ACCOUNT_LINKING_DECLINE_DAYS = '1'
    expect(await until()).toMatchObject([{ until: NOW + 86_400 }])
  })

  it('is stored forever if the person chose never', async () => {
    expect(await until({ never: true })).toMatchObject([{ until: Number.MAX_SAFE_INTEGER }])
  })

  it('keeps earlier declines', async () => {
    const earlier = { until: NOW + 60, at: NOW - 60 }
    Object.assign(platform.user(GOOGLE), {
      app_metadata: { account_linking: { declined: { pair: earlier } } },
    })
    expect(await until()).toHaveLength(2)
  })
})

describe('a link', () => {
  it('sends the custom domain of the login with every PATCH of a user', async () => {
    await answer()
    const changes = platform.calls.filter(({ name }) => name.startsWith('PATCH'))
    expect(changes.length).toBeGreaterThan(0)
    expect(new Set(changes.map(({ headers }) => headers['auth0-custom-domain']))).toEqual(
      new Set(['login.example']),
    )
  })

  it('of the current account into the other one switches the login', async () => {
    await answer()
    expect(done()).toEqual([['setPrimaryUser', PASSWORD]])
    expect(platform.user(PASSWORD).identities).toHaveLength(2)
    expect(platform.limits[0]).toBe(2_500)
  })

  it('of the other account into the current one does not switch the login', async () => {
    platform.logsIn(PASSWORD)
    await answer()
    expect(done()).toEqual([])
    expect(platform.logs).toMatchObject([{ account_linking: 'linked' }])
    expect(platform.user(PASSWORD).identities).toHaveLength(2)
  })

  it.each([
    ['may take 15 s in total', 9, 1],
    ['does not start in the last five of 15 seconds', 11, 0],
  ])('%s', async (_what, seconds, links) => {
    const busy = () => new Response(null, { status: 429, headers: { 'retry-after': `${seconds}` } })
    platform.event.user = platform.user(GOOGLE)
    const waiting = await ask()
    platform.fault(/users-by-email/, busy, 1)
    platform.fault(/identities/, busy, 1)
    platform.answer = good(waiting)
    await onContinuePostLogin(platform.event, platform.api)
    // A second pause would be longer than the time left.
    expect(platform.pauses).toEqual([seconds * 1_000])
    expect(platform.names().filter((name) => /identities/.test(name))).toHaveLength(links)
    expect(platform.logs).toEqual([{ account_linking: 'not_linked', reason: 'management_failed' }])
  })

  it('that failed is stored for the next prompt, beside the other marks', async () => {
    const declined = { pair: { until: NOW - 1, at: NOW - 60 } }
    Object.assign(platform.user(GOOGLE), { app_metadata: { account_linking: { declined } } })
    platform.fault(/identities/, () => new Response(null, { status: 400 }))
    await answer()
    const last = { result: 'failed', reason: 'link_refused', at: NOW }
    const failed = { until: NOW + 30 * 86_400, at: NOW, failed: true }
    const all = { ...declined, [await pairKey(GOOGLE, PASSWORD)]: failed }
    expect(done()).toEqual([['setAppMetadata', 'account_linking', { declined: all, last }]])
    expect(platform.logs).toEqual([{ account_linking: 'not_linked', reason: 'link_refused' }])
  })

  it.each([
    ['fails for a missing scope', 403, true],
    ['is refused', 400, true],
    ['hits the rate limit', 429, false],
    ['gets a server error', 500, false],
  ])('that %s is not offered again for a while: %j', async (_what, status, isDeclined) => {
    platform.fault(/identities/, () => new Response(null, { status }))
    await answer()
    const [, marks] = platform.effect('setAppMetadata') ?? []
    expect(marks).toHaveProperty('last.result', 'failed')
    expect('declined' in Object(marks)).toBe(isDeclined)
  })

  it('is not made while the page restores an account, and overwrites nothing that the page writes', async () => {
    const waiting = await ask()
    const app_metadata = { account_linking_0123456789ab: aReturningSnapshot(NOW) }
    Object.assign(platform.user(PASSWORD), { app_metadata })
    platform.answer = good(waiting)
    await onContinuePostLogin(platform.event, platform.api)
    expect(done()).toEqual([])
    expect(platform.logs).toEqual([{ account_linking: 'not_linked', reason: 'busy' }])
  })

  const lose = () => {
    platform.fault(/identities/, () => new Response(null, { status: 500 }))
    platform.fault(/^GET .*\/users\//, () => new Response(null, { status: 500 }))
  }

  it('with an unknown outcome denies the login if the current account would have ended', async () => {
    const waiting = await ask()
    lose()
    platform.answer = good(waiting)
    await onContinuePostLogin(platform.event, platform.api)
    expect(done()).toEqual([['deny', 'Please sign in once more.']])
    expect(platform.logs).toEqual([{ account_linking: 'not_linked', reason: 'outcome_unknown' }])
  })

  it('with an unknown outcome lets the login go on if the current account stays, and is stored', async () => {
    platform.logsIn(PASSWORD)
    const waiting = await ask()
    lose()
    platform.answer = good(waiting)
    await onContinuePostLogin(platform.event, platform.api)
    const last = { result: 'unknown', reason: 'outcome_unknown', at: NOW + 14 }
    expect(done()).toMatchObject([['setAppMetadata', 'account_linking', { last }]])
  })
})
