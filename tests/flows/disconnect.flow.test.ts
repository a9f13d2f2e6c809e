import { beforeEach, describe, expect, inject, it, vi } from 'vitest'
import { FlowBrowser, fieldsOf, formOf } from '../support/browser/flow-browser'
import { errorCode, Flow, textOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import {
  effectsOf,
  identitiesOf,
  methodsOf,
  noticeOf,
  PAGE,
  Settings,
  sectionOf,
  withoutScopes,
} from '../support/flow/settings'

const flow = new Flow(inject('flowDemo'))
const { tenant } = flow
beforeEach(() => tenant.reset())

const atPage = () => new Settings(flow, new FlowBrowser())
/** Longest wait, in milliseconds, for repairs that the page makes in the background after its response. */
const REPAIR_MS = 10_000
const DATABASE = 'Username-Password-Authentication'

/** Ann on the page "Sign-in methods", with her Google account connected. */
async function annConnected() {
  const ann = atPage()
  const page = await ann.connect(await ann.open('ann@example.com'), 'Google', 'ann@example.com')
  expect(methodsOf(page)).toHaveLength(2)
  return { ann, page }
}
const unlinks = async () => (await tenant.writes()).filter((write) => write.startsWith('unlink'))

describe('Undo', () => {
  it('restores everything as it was before', async () => {
    const [before, otherBefore] = await Promise.all(
      ['auth0|ann', 'google-oauth2|ann-g'].map((id) => tenant.user(id)),
    )
    const { ann, page } = await annConnected()
    const preview = await ann.follow(page, 'Undo')
    expect(effectsOf(preview)).toContain(
      'The separate account gets back: theme, newsletter, and 2 more details.',
    )
    expect(effectsOf(preview)).toContain(
      'Removed from this account because it came from the other one: newsletter.',
    )
    expect(effectsOf(preview)).toContain('Both accounts will be as they were')
    const done = await ann.browser.press(preview, 'Undo')
    expect(noticeOf(done)).toMatch(/^Undone\./)
    const [after, otherAfter] = await Promise.all(
      ['auth0|ann', 'google-oauth2|ann-g'].map((id) => tenant.user(id)),
    )
    expect(after?.identities).toEqual(before?.identities)
    expect(after?.user_metadata).toEqual(before?.user_metadata)
    expect(withoutOurKeys(after?.app_metadata)).toEqual(before?.app_metadata)
    expect(otherAfter?.user_metadata).toEqual(otherBefore?.user_metadata)
    expect(otherAfter?.app_metadata).toEqual(otherBefore?.app_metadata)
  })

  it('is in the recent activity, after the link, and no later login offers the account again', async () => {
    const { ann, page } = await annConnected()
    const done = await ann.disconnect(page, 'Undo')
    expect(sectionOf(done, 'activity')).toMatch(/Undid connecting Google.*Connected Google/)
    const login = await flow.signIn(new FlowBrowser(), 'ann@example.com', { with: 'google-oauth2' })
    expect(login.url.pathname).toBe('/callback')
  })

  it('leaves changed metadata in the primary account, restores the old value to the other one, and says so', async () => {
    const { ann, page } = await annConnected()
    await tenant.administer('PATCH', 'auth0|ann', { user_metadata: { newsletter: false } })
    const preview = await ann.follow(page, 'Undo')
    expect(effectsOf(preview)).toContain('Changed since, so it stays in this account: newsletter.')
    expect(effectsOf(preview)).toContain(
      'The separate account gets back: theme, newsletter, and 2 more details.',
    )
    await ann.browser.press(preview, 'Undo')
    expect((await tenant.user('auth0|ann'))?.user_metadata).toEqual({
      theme: 'dark',
      language: 'en',
      newsletter: false,
    })
    expect((await tenant.user('google-oauth2|ann-g'))?.user_metadata).toEqual({
      theme: 'light',
      newsletter: true,
    })
  })

  it('restores `app_metadata` only if that of the primary account was not changed since', async () => {
    const { ann, page } = await annConnected()
    await tenant.administer('PATCH', 'auth0|ann', { app_metadata: { plan: 'enterprise' } })
    const preview = await ann.follow(page, 'Undo')
    expect(effectsOf(preview)).toContain('Not given back automatically: 2 more details.')
    await ann.browser.press(preview, 'Undo')
    expect((await tenant.user('google-oauth2|ann-g'))?.app_metadata ?? {}).toEqual({})
  })
})

const withoutOurKeys = (metadata: object = {}) =>
  Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith('account_linking')))

describe('Disconnect', () => {
  it('restores `user_metadata`, and `app_metadata` only if the operator has it carried over', async () => {
    const { ann, page } = await annConnected()
    const preview = await ann.follow(page, 'Disconnect')
    expect(effectsOf(preview)).toContain('The separate account gets back: theme and newsletter.')
    expect(effectsOf(preview)).toContain('Not given back automatically: 2 more details.')
    const done = await ann.browser.press(preview, 'Disconnect')
    expect(noticeOf(done)).toMatch(/^Disconnected\./)
    const other = await tenant.user('google-oauth2|ann-g')
    expect([other?.user_metadata, other?.app_metadata]).toEqual([{ newsletter: true, theme: 'light' }, {}])
    // A sign-in with Google now opens a separate account.
    const login = await flow.signIn(new FlowBrowser(), 'ann@example.com', { with: 'google-oauth2' })
    expect(textOf(login)).toContain('google-oauth2|ann-g')
  })

  it('removes metadata from the primary account only after it has restored it to the other one', async () => {
    const { ann, page } = await annConnected()
    const before = (await tenant.writes()).length
    await ann.disconnect(page)
    expect((await tenant.writes()).slice(before, before + 4)).toEqual([
      'patch /api/v2/users/auth0|ann',
      'unlink /api/v2/users/auth0|ann/identities/google-oauth2/ann-g',
      'patch /api/v2/users/google-oauth2|ann-g',
      'patch /api/v2/users/auth0|ann',
    ])
  })

  it('disconnects an identity that was linked by other means', async () => {
    await withIdentities({ provider: 'github', user_id: '7', connection: 'github' })
    const dee = atPage()
    const page = await dee.open('dee@example.com')
    expect(methodsOf(page)[1]).toContain('Not added on this page')
    expect(methodsOf(page)[1]).not.toContain('Undo')
    expect(noticeOf(await dee.disconnect(page))).toMatch(/^Disconnected\./)
    expect(await identitiesOf(flow, 'auth0|dee')).toEqual(['auth0|dee'])
  })

  it('deletes the account that was disconnected if the person asks for it', async () => {
    const { ann, page } = await annConnected()
    const preview = await ann.follow(page, 'Disconnect')
    const done = await ann.browser.send(preview, 'Disconnect', { remove: '1' })
    expect(noticeOf(done)).toMatch(/^Disconnected\./)
    expect(await tenant.user('google-oauth2|ann-g')).toBeUndefined()
    expect((await tenant.user('auth0|ann'))?.user_metadata).toMatchObject({ newsletter: true })
  })

  it('neither offers to delete an account nor does it if the operator did not grant the scope', async () => {
    const { ann, page } = await annConnected()
    await withoutScopes(ann, ['delete:users'], async () => {
      const preview = await ann.follow(page, 'Disconnect')
      expect(preview.html.querySelector('input[type=checkbox]')).toBeNull()
      await ann.browser.send(preview, 'Disconnect', { remove: '1' })
      expect(await tenant.user('google-oauth2|ann-g')).toBeDefined()
    })
  })
})

/** Resets the tenant, with further identities in Dee's account. */
async function withIdentities(...more: object[]): Promise<void> {
  const { users } = await tenant.world()
  const own = { provider: 'auth0', user_id: 'dee', connection: DATABASE }
  await tenant.reset({
    users: users.map((user) =>
      user.user_id === 'auth0|dee' ? { ...user, identities: [own, ...more] } : user,
    ),
  })
}

describe('what cannot be disconnected', () => {
  const formFor = async (dee: Settings, page: Awaited<ReturnType<Settings['view']>>) => {
    const preview = await dee.follow(page, 'Disconnect')
    return { preview, fields: fieldsOf(formOf(preview, 'Disconnect')) }
  }

  it('is the primary identity, another person’s, or a value that is no identity', async () => {
    await withIdentities({ provider: 'github', user_id: '7', connection: 'github' })
    const dee = atPage()
    const { preview } = await formFor(dee, await dee.open('dee@example.com'))
    const handles = ['auth0|dee', 'auth0|eve', '../../roles', 'x%2F..%2F..', 'a'.repeat(4000), '\u0000', '']
    const codes: (string | undefined)[] = []
    for (const identity of [...(await hashes('auth0|dee', 'auth0|eve')), ...handles])
      codes.push(errorCode(await dee.browser.send(preview, 'Disconnect', { identity })))
    expect(codes).toEqual(['primary_identity', ...Array(8).fill('not_linked')])
    expect(await unlinks()).toEqual([])
    const asked = (await tenant.calls()).filter(
      (call) => !/ \/api\/v2\/(users|clients|users-by-email)/.test(call),
    )
    expect(asked).toEqual([])
  })

  it.each([
    ['one connection is disabled, the email identity has no address', 'no address'],
    ['one connection is disabled, the email identity is blocked', 'blocked'],
  ])('is the last usable identity: %s', async (_why, how) => {
    await withIdentities(
      { provider: 'github', user_id: '7', connection: 'github' },
      {
        provider: 'email',
        user_id: 'e7',
        connection: 'email',
        profileData: how === 'blocked' ? { email: 'dee@mail.example', blocked: true } : {},
      },
    )
    const dee = atPage()
    const page = await dee.open('dee@example.com')
    await disable(DATABASE)
    const [github] = await hashes('github|7')
    const refused = await dee.view(`/disconnect?identity=${github}`)
    expect(errorCode(refused)).toBe('last_way_in')
    expect(textOf(refused)).toContain('Add another one first')
    expect(methodsOf(page)).toHaveLength(3)
  })

  it('is any identity of a blocked account', async () => {
    const { ann, page } = await annConnected()
    const preview = await ann.follow(page, 'Disconnect')
    await tenant.administer('PATCH', 'auth0|ann', { blocked: true })
    expect(errorCode(await ann.browser.press(preview, 'Disconnect'))).toBe('blocked')
    expect(await unlinks()).toEqual([])
  })
})

const hashes = async (...ids: string[]) => {
  const { hash12 } = await import('@/core')
  return Promise.all(ids.map(hash12))
}

/** Disables a connection for the application. */
async function disable(name: string): Promise<void> {
  const { users } = await tenant.world()
  const connections = (await tenant.connections()).map((connection) =>
    connection.name === name ? { ...connection, clients: ['linking'] } : connection,
  )
  await tenant.reset({ users, connections })
}

describe('an old sign-in', () => {
  it('is renewed before anything is disconnected, and the person comes back to the same page', async () => {
    await withIdentities({ provider: 'github', user_id: '7', connection: 'github' })
    const dee = atPage()
    await tenant.clock(-15 * 60)
    const page = await dee.open('dee@example.com')
    await tenant.clock(0)
    const preview = await dee.follow(page, 'Disconnect')
    expect(() => formOf(preview, 'Disconnect')).toThrow()
    const login = await dee.browser.press(preview, 'Sign in again')
    const back = await dee.signInAt(login, 'dee@example.com')
    expect(back.url.pathname).toBe(`${PAGE}/disconnect`)
    expect(noticeOf(await dee.browser.press(back, 'Disconnect'))).toMatch(/^Disconnected\./)
  })

  it('disconnects nothing, whatever form is sent', async () => {
    const { ann, page } = await annConnected()
    const preview = await ann.follow(page, 'Disconnect')
    const old = atPage()
    await tenant.clock(-15 * 60)
    await old.open('ann@example.com')
    await tenant.clock(0)
    // This session also began before the link, which is another reason to sign in again. The page checks the age first.
    const answer = await old.browser.send(preview, 'Disconnect')
    expect(answer.url.pathname).not.toBe('/error')
    expect(await unlinks()).toEqual([])
  })
})

describe('concurrent changes', () => {
  it('by ten copies of the same form disconnect once', async () => {
    const { ann, page } = await annConnected()
    const preview = await ann.follow(page, 'Disconnect')
    const browsers = await Promise.all(Array.from({ length: 10 }, () => ann.browser.copy()))
    const answers = await Promise.all(browsers.map((browser) => browser.press(preview, 'Disconnect')))
    expect(await unlinks()).toHaveLength(1)
    expect(answers.map(noticeOf).filter((text) => text.startsWith('Disconnected.'))).toHaveLength(1)
  })

  it('that disconnect the last two usable identities in two tabs leave one of them', async () => {
    await withIdentities(
      { provider: 'github', user_id: '7', connection: 'github' },
      { provider: 'google-oauth2', user_id: '8', connection: 'google-oauth2' },
    )
    const dee = atPage()
    await dee.open('dee@example.com')
    await disable(DATABASE)
    const [github, google] = await hashes('github|7', 'google-oauth2|8')
    const tabs = await Promise.all(
      [github, google].map((identity) => dee.view(`/disconnect?identity=${identity}`)),
    )
    const answers = await Promise.all(
      tabs.map(async (tab) => (await dee.browser.copy()).press(tab, 'Disconnect')),
    )
    expect(answers.map(errorCode).filter(Boolean)).toHaveLength(1)
    expect(await identitiesOf(flow, 'auth0|dee')).toHaveLength(2)
  })

  it('that link and unlink the same identity happen one after the other', async () => {
    const { ann, page } = await annConnected()
    const preview = await ann.follow(page, 'Undo')
    const other = new Settings(flow, await ann.browser.copy())
    const [undone] = await Promise.all([ann.browser.press(preview, 'Undo'), other.view()])
    expect(noticeOf(undone)).toMatch(/^Undone\./)
    // The page connects nothing until the account's older sessions have ended.
    await tenant.ended('auth0|ann')
    const confirm = await ann.prove(undone, 'Google', 'ann@example.com')
    const again = await ann.browser.press(confirm, 'Connect')
    const undo = await ann.follow(again, 'Undo')
    const tab = await ann.browser.copy()
    await Promise.all([tab.press(undo, 'Undo'), ann.browser.press(confirm, 'Connect')])
    const ids = await identitiesOf(flow, 'auth0|ann')
    const alone = await tenant.user('google-oauth2|ann-g')
    expect(ids.includes('google-oauth2|ann-g')).toBe(alone === undefined)
  })
})

describe('trouble at the tenant', () => {
  const fail = (method: string, path: string, effect: object, times = 1) =>
    tenant.faults({ match: { method, path }, effect, times })

  it.each([
    ['its response is lost after it was done', { status: 503, drop: 'after' }],
    ['the connection breaks after it was done', { drop: 'after' }],
  ])('an unlink counts as done if %s', async (_how, effect) => {
    const { ann, page } = await annConnected()
    const preview = await ann.follow(page, 'Disconnect')
    await fail('DELETE', '/identities/', effect)
    expect(noticeOf(await ann.browser.press(preview, 'Disconnect'))).toMatch(/^Disconnected\./)
    expect((await tenant.user('google-oauth2|ann-g'))?.user_metadata).toMatchObject({ theme: 'light' })
  })

  it.each([
    ['refused', { status: 403 }, 'missing_scope'],
    ['put off', { status: 429 }, 'management_failed'],
    ['lost before it was done', { status: 503 }, 'management_failed'],
  ])('an unlink that is %s changes nothing that the person sees', async (_how, effect, code) => {
    const { ann, page } = await annConnected()
    const preview = await ann.follow(page, 'Disconnect')
    await fail('DELETE', '/identities/', effect)
    expect(errorCode(await ann.browser.press(preview, 'Disconnect'))).toBe(code)
    expect(await identitiesOf(flow, 'auth0|ann')).toHaveLength(2)
    // If the `returning` mark stayed in a snapshot, the next view would count it as a change that another session made.
    const kept = Object.values((await tenant.user('auth0|ann'))?.app_metadata ?? {})
    expect(kept.filter((value) => (value as { returning?: object } | null)?.returning)).toEqual([])
    expect(noticeOf(await ann.disconnect(await ann.view()))).toMatch(/^Disconnected\./)
  })

  it('a later view of the page restores what was not restored', async () => {
    const { ann, page } = await annConnected()
    const preview = await ann.follow(page, 'Disconnect')
    await fail('PATCH', 'google-oauth2', { status: 500 }, 2)
    const done = await ann.browser.press(preview, 'Disconnect')
    expect(noticeOf(done)).toContain('Its saved details will follow')
    expect((await tenant.user('google-oauth2|ann-g'))?.user_metadata ?? {}).toEqual({})
    await tenant.mend()
    // A restore counts as interrupted after a minute. The test cannot change the application's clock, so it ages the mark.
    const [key, snapshot] = Object.entries((await tenant.user('auth0|ann'))?.app_metadata ?? {}).find(
      ([name]) => /^account_linking_\w{12}$/.test(name),
    ) as [string, { returning: { at: number } }]
    const returning = { ...snapshot.returning, at: snapshot.returning.at - 120 }
    await tenant.administer('PATCH', 'auth0|ann', { app_metadata: { [key]: { ...snapshot, returning } } })
    await ann.view()
    await vi.waitFor(async () => {
      expect((await tenant.user('google-oauth2|ann-g'))?.user_metadata).toEqual({
        theme: 'light',
        newsletter: true,
      })
      expect((await tenant.user('auth0|ann'))?.user_metadata).toEqual({ theme: 'dark', language: 'en' })
    }, REPAIR_MS)
    expect(sectionOf(await ann.view(), 'activity')).toContain('Disconnected Google')
  })
})

describe('a link that was never made', () => {
  it('is cleaned up by a later view, which removes the metadata that was carried over', async () => {
    const ann = atPage()
    const confirm = await ann.prove(await ann.open('ann@example.com'), 'Google', 'ann@example.com')
    await tenant.faults({ match: { method: 'POST', path: '/identities$' }, effect: { status: 403 } })
    expect(errorCode(await ann.browser.press(confirm, 'Connect'))).toBe('missing_scope')
    await tenant.mend()
    const { app_metadata = {}, user_metadata } = (await tenant.user('auth0|ann')) ?? {}
    expect(user_metadata).toHaveProperty('newsletter')
    const [key, snapshot] = Object.entries(app_metadata).find(([name]) =>
      /^account_linking_\w{12}$/.test(name),
    ) as [string, { at: number }]
    await tenant.administer('PATCH', 'auth0|ann', {
      app_metadata: { [key]: { ...snapshot, at: snapshot.at - 4000 } },
    })
    await ann.view()
    await vi.waitFor(async () => {
      const repaired = await tenant.user('auth0|ann')
      expect(repaired?.user_metadata).toEqual({ theme: 'dark', language: 'en' })
      expect(Object.keys(repaired?.app_metadata ?? {})).not.toContain(key)
    }, REPAIR_MS)
  })
})

describe('after the time for an undo', () => {
  const short = ownDemo({ env: { UNDO_DAYS: '1', APP_METADATA_KEYS: 'plan' } })

  it('nothing can be undone any more, the snapshot is deleted, and the journal still shows the link', async () => {
    const { tenant: own } = short.flow
    const ann = new Settings(short.flow, new FlowBrowser())
    await ann.connect(await ann.open('ann@example.com'), 'Google', 'ann@example.com')
    const [key, snapshot] = Object.entries((await own.user('auth0|ann'))?.app_metadata ?? {}).find(([name]) =>
      /^account_linking_\w{12}$/.test(name),
    ) as [string, { at: number }]
    await own.administer('PATCH', 'auth0|ann', {
      app_metadata: { [key]: { ...snapshot, at: snapshot.at - 2 * 86_400 } },
    })
    const page = await ann.view()
    expect(methodsOf(page)[1]).not.toContain('Undo')
    await vi.waitFor(
      async () =>
        expect(Object.keys(Object((await own.user('auth0|ann'))?.app_metadata?.[key])).sort()).toEqual([
          'at',
          'proof',
          'user_id',
        ]),
      REPAIR_MS,
    )
    expect(sectionOf(await ann.view(), 'activity')).toContain('Connected Google')
  })
})
