import { describe, expect, it } from 'vitest'
import { hash12 } from '@/core'
import { answering, type Behaviour, hanging, hangingUp } from '../../support/action/service'
import { anActionTenant } from '../../support/action/tenant'

const world = await anActionTenant()
const { state, service, configure, play, logIn, ask, answer, answerLink, logs, identitiesOf, userOf } = world

const PASSWORD = 'auth0|ann'
const GOOGLE = 'google-oauth2|ann-g'
const CLAIM = 'https://example.com/account_linking'
const listen = () =>
  configure({
    EVENTS_WEBHOOK_URL: `${service.origin}/events`,
    EVENTS_WEBHOOK_SECRET: 'webhook-secret-canary',
  })

describe('the webhook', () => {
  it('receives one event for a link', async () => {
    listen()
    await answerLink(await ask())
    expect(service.events).toEqual([
      {
        authorization: 'Bearer webhook-secret-canary',
        body: {
          type: 'account.linked',
          timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
          data: {
            primary_user_id: PASSWORD,
            secondary_user_id: GOOGLE,
            connection: 'google-oauth2',
            client_id: 'demo-app',
            client_name: 'Demo App',
          },
        },
      },
    ])
  })

  it('receives the secondary account correctly, whichever of the two signed in', async () => {
    listen()
    await answerLink(await ask({ connection: 'password' }))
    expect(service.events).toMatchObject([
      {
        body: { data: { primary_user_id: PASSWORD, secondary_user_id: GOOGLE, connection: 'google-oauth2' } },
      },
    ])
  })

  it.each<[string, Behaviour, object[]]>([
    ['hangs', hanging, [{ account_linking: 'webhook_failed' }]],
    ['is down', hangingUp, [{ account_linking: 'webhook_failed' }]],
    ['fails', answering({}, 500), []],
  ])('does not delay the login if it %s, and is called once', async (_what, webhook, lines) => {
    listen()
    service.webhook = webhook
    const { claims, took } = await answerLink(await ask())
    expect(claims?.sub).toBe(PASSWORD)
    expect(took).toBeLessThan(1_000 + 3_500)
    expect(service.events).toHaveLength(1)
    expect(logs().slice(1)).toEqual(lines)
    expect(identitiesOf(PASSWORD)).toEqual([PASSWORD, GOOGLE])
  })

  it('receives nothing for a decline or a denied login', async () => {
    listen()
    await answer(await ask(), { result: 'declined' })
    userOf(PASSWORD).blocked = true
    await answerLink(await ask({ email: 'bea@example.com' }), { txn: 'x' })
    expect(service.events).toEqual([])
  })
})

describe('the ID-token claim', () => {
  it('tells the application that this login linked two accounts', async () => {
    configure({ ACCOUNT_LINKING_CLAIM: CLAIM })
    expect((await answerLink(await ask())).claims).toMatchObject({ sub: PASSWORD, [CLAIM]: 'linked' })
    expect((await logIn()).claims).not.toHaveProperty([CLAIM])
  })

  it('is not set if no claim name is configured, or nothing was linked', async () => {
    const plain = Object.keys((await answerLink(await ask())).claims ?? {})
    expect(plain.filter((name) => name.includes('link'))).toEqual([])
    configure({ ACCOUNT_LINKING_CLAIM: CLAIM })
    const { claims } = await answer(await ask({ email: 'bea@example.com' }), { result: 'failed' })
    expect(claims).not.toHaveProperty([CLAIM])
  })
})

describe('the log', () => {
  it('records that two accounts were linked, with hashed ids only', async () => {
    await answerLink(await ask())
    expect(logs()).toEqual([
      { account_linking: 'linked', primary: await hash12(PASSWORD), secondary: await hash12(GOOGLE) },
    ])
  })

  it('has short lines without addresses, ids, secrets or messages of other programs', async () => {
    listen()
    service.webhook = hangingUp
    const canary = { status: 400, body: { message: 'ann@example.com canary-of-the-tenant' } }
    userOf(GOOGLE).user_metadata.note = 'canary-of-metadata'
    await answer(await ask(), { result: 'failed', jti: 'canary-of-the-answer' }, 'x'.repeat(32))
    await answerLink(await ask(), { txn: 'canary-of-the-answer' })
    const waiting = await ask()
    play({ match: { method: 'POST', path: 'identities$' }, effect: canary })
    await answerLink(waiting)
    // The Action does not offer the refused pair again for a while, so remove that mark.
    delete userOf(GOOGLE).app_metadata.account_linking
    await answer(await ask({ email: 'bea@example.com' }), { result: 'declined' })
    await answerLink(await ask())
    play({ match: { path: 'users-by-email' }, effect: canary })
    await logIn({ email: 'fay@example.com' })

    const lines = state.actionLogs.map(({ line }) => line)
    expect(logs().map((entry) => entry.account_linking)).toEqual([
      'answer_not_valid',
      'answer_impossible',
      'not_linked',
      'declined',
      'linked',
      'webhook_failed',
      'discover_failed',
    ])
    const secrets = Object.entries(state.actionSecrets())
      .filter(([name]) => /SECRET$/.test(name))
      .map(([, secret]) => secret)
    expect(secrets).toHaveLength(3)
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(256)
      expect(line).not.toMatch(/@|\||canary|ann-g|bea-g|eyJ/)
      for (const secret of secrets) expect(line).not.toContain(secret)
    }
  })
})
