import { beforeEach, describe, expect, inject, it } from 'vitest'
import { decodeNames, hash12, isSame, operatorMetadata } from '@/core'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf, errorCode, Flow, textOf } from '../support/flow/flow'
import {
  effectsOf,
  identitiesOf,
  methodsOf,
  noticeOf,
  PAGE,
  Settings,
  sectionOf,
} from '../support/flow/settings'

const flow = new Flow(inject('flowDemo'))
const { tenant } = flow
beforeEach(() => tenant.reset())

const GOOGLE = 'google-oauth2|ann-g'
const withGoogle = { with: 'google-oauth2' }

/** Resets the tenant to the demo's people, with changes to Ann's two accounts and with further users. */
async function world(google: object, password: object = {}, more: object[] = []): Promise<void> {
  const { users } = await tenant.world()
  const over: Record<string, object> = { [GOOGLE]: google, 'auth0|ann': password }
  await tenant.reset({ users: [...users.map((user) => ({ ...user, ...over[user.user_id] })), ...more] })
}

/** Both of Ann's accounts as the tenant has them, without the keys that we write. */
async function both() {
  const users = await Promise.all(['auth0|ann', GOOGLE].map((id) => tenant.user(id)))
  return users.map((user) => ({
    identities: user?.identities.map(({ provider, user_id, connection }) => [provider, user_id, connection]),
    user_metadata: user?.user_metadata ?? {},
    app_metadata: operatorMetadata(user?.app_metadata ?? {}),
  }))
}

/** Links Ann's accounts at a login with Google. */
async function linkAtLogin() {
  const browser = new FlowBrowser()
  const confirm = await flow.annAtConfirm(browser)
  return browser.press(confirm, BUTTONS.link)
}

const atPage = async () => {
  const ann = new Settings(flow, new FlowBrowser())
  return { ann, page: await ann.open('ann@example.com') }
}
const isAsked = async () =>
  (await flow.signIn(new FlowBrowser(), 'ann@example.com', withGoogle)).url.pathname === '/link/prompt'
const patches = async () => (await tenant.writes()).filter((write) => write.startsWith('patch'))

describe('R1 metadata keys that the tenant refuses', () => {
  it('do not prevent a link at login, and an undo restores what it can', async () => {
    const user_metadata = { 'pref.color': 'pink', theme: 'light', nested: [{ 'a.$b': 1 }], '100%': 'x' }
    await world({ user_metadata, app_metadata: { 'plan.id': 7, plan: 'free' } })
    expect(claimsOf(await linkAtLogin()).sub).toBe('auth0|ann')
    const linked = await tenant.user('auth0|ann')
    expect(linked?.user_metadata).not.toHaveProperty('pref.color')
    expect(linked?.user_metadata).toHaveProperty('100%', 'x')

    const { ann, page } = await atPage()
    const preview = await ann.follow(page, 'Undo')
    expect(effectsOf(preview)).toContain('Not given back automatically: 3 more details.')
    expect(noticeOf(await ann.browser.press(preview, 'Undo'))).toMatch(
      /^Undone\. Details that have changed since/,
    )
    const [, google] = await both()
    expect(google).toMatchObject({
      user_metadata: { theme: 'light', '100%': 'x' },
      app_metadata: { plan: 'free' },
    })
    const held = Object((await tenant.user('auth0|ann'))?.app_metadata)[
      `account_linking_held_${await hash12(GOOGLE)}`
    ]
    expect(decodeNames(held.user_metadata)).toEqual({ 'pref.color': 'pink', nested: [{ 'a.$b': 1 }] })
    expect(decodeNames(held.app_metadata)).toEqual({ 'plan.id': 7 })
  })
})

describe('R2 a null in metadata', () => {
  it('does not delay an undo: it is complete at once, and a later view writes nothing', async () => {
    await world({ user_metadata: { gone: null, deep: { gone: null, there: [null] } } })
    const before = await both()
    await linkAtLogin()
    const { ann, page } = await atPage()
    expect(noticeOf(await ann.disconnect(page, 'Undo'))).toMatch(/^Undone\. Both accounts are as they were/)
    expect(isSame(await both(), before)).toBe(true)
    const written = await patches()
    await tenant.clock(120)
    await ann.view()
    expect(await patches()).toEqual(written)
    await tenant.clock(0)
  })
})

describe('R3 a link that is certain to fail', () => {
  const LARGE = { user_metadata: { essay: 'x'.repeat(3_200) } }

  it.each<[string, string, object]>([
    ['mira', 'the metadata fits into no snapshot', LARGE],
    ['nils', 'both profiles do not fit into one', { app_metadata: { groups: 'y'.repeat(2_600) } }],
  ])('is not offered to %s at a login, and the page says why: %s', async (id, _why, google) => {
    // The application caches suggestions for an account for a while, so no other test file has these people.
    const email = `${id}@example.com`
    const person = (provider: string, connection: string, fields: object) => ({
      ...{ user_id: `${provider}|${id}`, email, email_verified: true },
      identities: [{ provider, user_id: id, connection }],
      ...fields,
    })
    const { users } = await tenant.world()
    const large = { user_metadata: { bio: 'x'.repeat(5_800) } }
    await tenant.reset({
      users: [
        ...users,
        person('auth0', 'Username-Password-Authentication', large),
        person('google-oauth2', 'google-oauth2', google),
      ],
    })
    for (const way of [withGoogle, {}])
      expect((await flow.signIn(new FlowBrowser(), email, way)).url.pathname).toBe('/callback')
    const page = await new Settings(flow, new FlowBrowser()).open(email)
    expect(sectionOf(page, 'suggestions')).toBe('')
    expect(textOf(page)).toContain('The two accounts have more saved details than fit into one.')
    expect(await tenant.writes()).not.toContain(expect.stringMatching(/^link/))
  })

  it('is refused on the page before the person agrees to anything', async () => {
    await world({ ...LARGE, email: 'ann.other@example.com' })
    const { ann, page } = await atPage()
    const refused = await ann.prove(page, 'Google', 'ann.other@example.com')
    expect(errorCode(refused)).toBe('metadata_too_large')
    expect((await tenant.writes()).filter((write) => write.startsWith('link'))).toEqual([])
  })

  it('at the tenant counts as a decline for a while, and the page says so', async () => {
    await tenant.faults({ match: { method: 'POST', path: '/identities$' }, effect: { status: 400 } })
    expect(claimsOf(await linkAtLogin()).sub).toBe(GOOGLE)
    await tenant.mend()
    expect(await isAsked()).toBe(false)
    const ann = new Settings(flow, new FlowBrowser())
    const page = await ann.open('ann@example.com', 'Google')
    expect(textOf(page)).toContain('didn’t work last time. Our sign-in service refused to connect them.')
    expect(sectionOf(page, 'declined')).toContain('Email and password')
    expect(sectionOf(page, 'activity')).toBe('')
    // The person can take that decline back.
    await ann.browser.press(page, 'Ask me again')
    expect(await isAsked()).toBe(true)
  })
})

describe("R4 the operator's own keys", () => {
  it.each<[string, Record<string, unknown>]>([
    ['that begin like ours', { account_linking_note: 'x', account_linking_reviewed_by: { id: 7 } }],
    [
      'that are named exactly like ours',
      { account_linking: 'note', account_linking_journal: ['x'], account_linking_timestamp: 'yesterday' },
    ],
  ])('%s stay in both accounts, and are as before after an undo', async (_which, own) => {
    const snapshotKey = `account_linking_${await hash12(GOOGLE)}`
    await world(
      { app_metadata: { ...own, plan: 'free' } },
      { app_metadata: { ...own, [snapshotKey]: 'mine' } },
    )
    const before = await both()
    await linkAtLogin()
    expect((await both())[0]?.app_metadata).toEqual(before[0]?.app_metadata)
    const { ann, page } = await atPage()
    expect(methodsOf(page)[1]).toContain('while signing in to Other Company')
    expect(noticeOf(await ann.disconnect(page, 'Undo'))).toMatch(/^Undone\. Both accounts are as they were/)
    expect(await both()).toEqual(before)
    // The undo could store its decline beside them, so the next login shows no prompt.
    expect(await isAsked()).toBe(false)
  })
})

describe('R8 user ids with characters that have a meaning in a URL', () => {
  it.each(['..', '.', '%2e%2e', '../../roles', 'a/b?c#d;e', 'a b', 'ключ', '100%', '%zz'])(
    'are linked at login and disconnected on the page: %j',
    async (id) => {
      const other = {
        ...{ user_id: `github|${id}`, email: 'dee@example.com', email_verified: true },
        identities: [{ provider: 'github', user_id: id, connection: 'github' }],
        user_metadata: { theme: 'of github' },
      }
      const { users } = await tenant.world()
      await tenant.reset({ users: [...users, other] })
      const browser = new FlowBrowser()
      const prompt = await flow.signIn(browser, 'dee@example.com', { with: 'github' })
      const confirm = await flow.prove(browser, prompt, 'dee@example.com')
      expect(claimsOf(await browser.press(confirm, BUTTONS.link)).sub).toBe('auth0|dee')
      expect(await identitiesOf(flow, 'auth0|dee')).toEqual(['auth0|dee', other.user_id])

      const dee = new Settings(flow, new FlowBrowser())
      const page = await dee.open('dee@example.com')
      expect(page.url.pathname).toBe(PAGE)
      expect(noticeOf(await dee.disconnect(page))).toMatch(/^Disconnected\./)
      expect(await identitiesOf(flow, 'auth0|dee')).toEqual(['auth0|dee'])
      expect((await tenant.user(other.user_id))?.user_metadata).toEqual({ theme: 'of github' })
    },
  )
})
