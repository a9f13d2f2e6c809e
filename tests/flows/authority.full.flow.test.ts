import { beforeEach, describe, expect, inject, it } from 'vitest'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, Flow, textOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { effectsOf, identitiesOf, methodsOf, noticeOf, Settings, sectionOf } from '../support/flow/settings'
import { EXCEPT_SESSIONS } from '../support/flow/tenant'

const shared = new Flow(inject('flowDemo'))
beforeEach(() => shared.tenant.reset())

const EVERY_CONNECTION = 'google-oauth2,github,email,auth0:Username-Password-Authentication'

/** The body of the request that made the link. */
async function linkOf(flow: Flow): Promise<{ body: Record<string, unknown> | undefined }> {
  const link = (await flow.tenant.ledger()).find(({ effect }) => effect === 'link')
  return { body: link?.body as Record<string, unknown> | undefined }
}

describe('linking with the token of the machine-to-machine application', () => {
  it('names the secondary identity by provider and id', async () => {
    const dee = new Settings(shared, new FlowBrowser())
    await dee.connect(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    expect(await linkOf(shared)).toEqual({ body: { provider: 'google-oauth2', user_id: 'bea-g' } })
  })
})

describe('linking with the token of the linking client', () => {
  const own = ownDemo({
    env: {
      LINKING_AUTHORITY: 'linking-client',
      MANAGEMENT_API_CLIENT_ID: '',
      MANAGEMENT_API_CLIENT_SECRET: '',
    },
  })

  it('sends the other account’s ID token, and keeps and restores as the machine-to-machine application does', async () => {
    const { flow } = own
    const before = await flow.tenant.user('google-oauth2|bea-g')
    const dee = new Settings(flow, new FlowBrowser())
    const page = await dee.connect(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    const { body } = await linkOf(flow)
    expect(Object.keys(body ?? {})).toEqual(['link_with'])
    expect(methodsOf(page)[1]).toContain('on this page')

    const undone = await dee.disconnect(page, 'Undo')
    expect(noticeOf(undone)).toMatch(/^Undone\./)
    expect((await flow.tenant.user('google-oauth2|bea-g'))?.user_metadata).toEqual(before?.user_metadata)
  })

  it('names the secondary account by its id if that is the account of the session', async () => {
    const { flow } = own
    const ann = new Settings(flow, new FlowBrowser())
    const page = await ann.open('ann@example.com', 'Google')
    const done = await ann.connect(page, 'Email and password', 'ann@example.com')
    expect(noticeOf(done)).toMatch(/^Connected\./)
    expect(await linkOf(flow)).toEqual({ body: { provider: 'google-oauth2', user_id: 'ann-g' } })
  })

  it('never stores or shows the ID token readably', async () => {
    const { flow } = own
    const dee = new Settings(flow, new FlowBrowser())
    await dee.connect(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    const { body } = await linkOf(flow)
    const token = String(body?.link_with)
    for (const { url, body: text, headers } of dee.browser.hops)
      if (url.origin === flow.demo.app)
        for (const part of [url.href, text, [...headers.values()].join()]) expect(part).not.toContain(token)
    expect(own.output()).not.toContain(token)
  })
})

describe('linking with the person’s own token', () => {
  const own = ownDemo({
    env: {
      LINKING_AUTHORITY: 'user',
      CONNECT_CONNECTIONS: EVERY_CONNECTION,
      AUTH0_CLIENT_ID: '',
      AUTH0_CLIENT_SECRET: '',
      MANAGEMENT_API_CLIENT_ID: '',
      MANAGEMENT_API_CLIENT_SECRET: '',
    },
  })
  const atPage = () => new Settings(own.flow, new FlowBrowser())

  it('uses the tokens of both accounts and no secret of ours, and lists what is lost', async () => {
    const { flow } = own
    const dee = atPage()
    const page = await dee.open('dee@example.com')
    const confirm = await dee.prove(page, 'Google', 'bea@example.com')
    const effects = effectsOf(confirm)
    expect(effects).toContain('Lost with the other account: newsletter.')
    expect(effects).toContain('You can’t undo this here.')
    const done = await dee.browser.press(confirm, 'Connect')
    expect(noticeOf(done)).toMatch(/^Connected\./)
    expect(Object.keys((await linkOf(flow)).body ?? {})).toEqual(['link_with'])
    expect(await flow.tenant.writes()).toEqual(['link /api/v2/users/auth0|dee/identities'])
    expect((await flow.tenant.calls(/^\/oauth\/token$/)).length).toBe(2)
  })

  it('disconnects identities, too, and restores nothing', async () => {
    const { flow } = own
    const dee = atPage()
    const page = await dee.connect(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    expect(methodsOf(page)[1]).not.toContain('Undo')
    const preview = await dee.follow(page, 'Disconnect')
    expect(effectsOf(preview)).toContain('Saved details stay with this account.')
    expect(noticeOf(await dee.browser.press(preview, 'Disconnect'))).toMatch(/^Disconnected\./)
    expect(await identitiesOf(flow, 'auth0|dee')).toEqual(['auth0|dee'])
    expect(await flow.tenant.writes()).toEqual([
      'link /api/v2/users/auth0|dee/identities',
      'unlink /api/v2/users/auth0|dee/identities/google-oauth2/bea-g',
    ])
  })

  it('suggests no account and reads no other user', async () => {
    const { flow } = own
    const ann = atPage()
    const page = await ann.open('ann@example.com')
    expect(sectionOf(page, 'suggestions')).toBe('')
    // The linking client's own logins show no prompt.
    expect(await flow.tenant.calls(EXCEPT_SESSIONS)).toEqual(['GET /api/v2/users/auth0|ann 200'])
  })

  it('makes the account of the session the primary, even if it is the younger one', async () => {
    const { flow } = own
    const ann = atPage()
    const done = await ann.connect(
      await ann.open('ann@example.com', 'Google'),
      'Email and password',
      'ann@example.com',
    )
    expect(noticeOf(done)).toMatch(/^Connected\./)
    expect(await identitiesOf(flow, 'google-oauth2|ann-g')).toEqual(['google-oauth2|ann-g', 'auth0|ann'])
  })

  it('refuses an account with several identities', async () => {
    const { flow } = own
    const { users } = await flow.tenant.world()
    const more = { provider: 'email', user_id: 'b2', connection: 'email' }
    await flow.tenant.reset({
      users: users.map((user) =>
        user.user_id === 'google-oauth2|bea-g' ? { ...user, identities: [...user.identities, more] } : user,
      ),
    })
    const dee = atPage()
    const refused = await dee.prove(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    expect(errorCode(refused)).toBe('several_identities')
  })

  it('asks for a new sign-in if the token has expired', async () => {
    const { flow } = own
    const dee = atPage()
    await dee.open('dee@example.com')
    await flow.tenant.faults({ match: { path: '^/api/v2/users/' }, effect: { status: 401 } })
    const { url } = await dee.browser.visit(`${flow.demo.app}/settings/connected-accounts`, {
      stopAt: flow.demo.tenant,
    })
    expect(url.pathname).toBe('/authorize')
    await flow.tenant.mend()
  })

  it('leaves links at a login to the Action', async () => {
    const { flow } = own
    const browser = new FlowBrowser()
    const confirm = await flow.annAtConfirm(browser)
    expect(textOf(confirm)).not.toContain('You can undo this')
    expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|ann')
  })
})

describe('a response of the tenant to the link', () => {
  const { tenant } = shared
  const at = { method: 'POST', path: '^/api/v2/users/[^/]+/identities$' }

  it.each([
    [
      400,
      'invalid_body',
      'Invalid request body. The message will vary depending on the cause.',
      'link_refused',
    ],
    [
      400,
      'invalid_uri',
      'Invalid request URI. The message will vary depending on the cause.',
      'link_refused',
    ],
    [400, undefined, 'The provider/connection is not configured.', 'link_refused'],
    [400, undefined, 'Main identity and the new one are the same.', 'link_refused'],
    [400, undefined, 'Linking to an inexistent identity requires a connection.', 'link_refused'],
    [400, undefined, 'Linking to an inexistent identity is not allowed.', 'link_refused'],
    [400, undefined, 'Provided secondary account not found.', 'link_refused'],
    [400, undefined, 'Unable to link with the secondary account.', 'link_refused'],
    [400, undefined, '"link_with" invalid token', 'link_refused'],
    [400, undefined, '"link_with" invalid aud', 'link_refused'],
    [401, undefined, 'Invalid token.', 'link_refused'],
    [403, 'insufficient_scope', 'Insufficient scope; expected: update:users.', 'missing_scope'],
    [403, undefined, 'User to be acted on does not match subject in bearer token.', 'missing_scope'],
    [404, 'inexistent_user', 'The user does not exist.', 'link_refused'],
    [409, undefined, 'Specified identity already exists.', 'link_refused'],
    [500, undefined, 'Internal error', 'management_failed'],
  ])(
    '%d %s “%s” means no link and no lost data, and the page says so',
    async (status, errorCodeName, message, code) => {
      const dee = new Settings(shared, new FlowBrowser())
      const confirm = await dee.prove(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
      const body = {
        statusCode: status,
        error: 'Refused',
        message,
        ...(errorCodeName && { errorCode: errorCodeName }),
      }
      await tenant.faults({ match: at, effect: { status, body } })
      const refused = await dee.browser.press(confirm, 'Connect')
      expect(errorCode(refused)).toBe(code)
      expect(textOf(refused)).not.toContain(message)
      expect(await identitiesOf(shared, 'auth0|dee')).toEqual(['auth0|dee'])
      expect((await tenant.user('google-oauth2|bea-g'))?.user_metadata).toEqual({ newsletter: false })
      // The same proof can be tried again.
      await tenant.mend()
      expect(noticeOf(await dee.browser.press(confirm, 'Connect'))).toMatch(/^Connected\./)
    },
  )

  it.each([
    ['a 409 after the link was made', { status: 409, drop: 'after' }],
    ['a 429 that passes', { status: 429, headers: { 'retry-after': '1' } }],
    ['a lost response', { drop: 'after' }],
    ['a truncated response', { truncate: true }],
    ['a refused token, once', { status: 401 }],
  ])('%s counts as a link', async (_how, effect) => {
    const dee = new Settings(shared, new FlowBrowser())
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    await tenant.faults({ match: at, effect, times: 1 })
    expect(noticeOf(await dee.browser.press(confirm, 'Connect'))).toMatch(/^Connected\./)
    expect(await identitiesOf(shared, 'auth0|dee')).toHaveLength(2)
  })

  it('that is lost makes the page call the result unknown if the reads fail as well; the next view shows the link', async () => {
    const dee = new Settings(shared, new FlowBrowser())
    const confirm = await dee.prove(await dee.open('dee@example.com'), 'Google', 'bea@example.com')
    await tenant.faults(
      { match: at, effect: { drop: 'after' } },
      // The tenant asks for a longer wait than the page has time for.
      {
        match: { method: 'GET', path: '^/api/v2/users/auth0%7Cdee$', nth: 2 },
        effect: { status: 429, headers: { 'retry-after': '10' } },
        times: 1,
      },
    )
    const refused = await dee.browser.press(confirm, 'Connect')
    await tenant.mend()
    expect(errorCode(refused)).toBe('outcome_unknown')
    expect(methodsOf(refused).length + methodsOf(await dee.view()).length).toBeGreaterThanOrEqual(2)
    expect(noticeOf(await dee.browser.press(confirm, 'Connect'))).toMatch(
      /^This sign-in method is already connected/,
    )
  })
})
