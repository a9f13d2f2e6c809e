import { isValidElement, type ReactNode } from 'react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AccountProblem } from '@/app/settings/connected-accounts/account-problem'
import ConfirmPage from '@/app/settings/connected-accounts/confirm/page'
import { ConnectRefusal } from '@/app/settings/connected-accounts/connect-refusal'
import DisconnectPage from '@/app/settings/connected-accounts/disconnect/page'
import ConnectedAccountsPage, { generateMetadata } from '@/app/settings/connected-accounts/page'
import WrongAccountPage from '@/app/settings/connected-accounts/wrong-account/page'
import { ConnectionPicker } from '@/components/accounts/connection-picker'
import { SuggestionList } from '@/components/accounts/suggestion-list'
import { ButtonLink } from '@/components/ui/button-link'
import { Notice } from '@/components/ui/notice'
import { Page } from '@/components/ui/page'
import { Problem } from '@/components/ui/problem'
import { hash12 } from '@/core'
import { ManagementApi } from '@/lib/auth0/management-api'
import { en } from '@/lib/messages/en'
import type { Sessions } from '@/lib/session/session'
import { type ConnectFlow, connectFlowCookie } from '@/lib/sign-in-methods/connect/connect-flow'
import { aFlow, aSession, now } from '../../../lib/sign-in-methods/a-session'
import { aSnapshot } from '../../../lib/sign-in-methods/a-snapshot'
import { atTenant } from '../../../lib/sign-in-methods/at-tenant'
import { configure, services } from '../../../support/process/page-services'

const PAGE = '/settings/connected-accounts'
const OTHER = 'google-oauth2|ann-g'
/** The headers of the current request, and the work that the page hands to `after` of Next.js. */
const request = vi.hoisted(() => ({ headers: new Headers(), later: [] as (() => unknown)[] }))
vi.mock('next/headers', () => ({ headers: async () => request.headers }))
vi.mock('next/server', () => ({ after: (work: () => unknown) => request.later.push(work) }))
vi.mock('next/navigation', () => ({
  redirect: (target: string) => {
    throw new Error(`redirect to ${target}`)
  },
}))
const { requireSession } = vi.hoisted(() => ({
  requireSession: vi.fn<Sessions['requireSession']>(),
}))
vi.mock('@/app/_brand', () => ({ pageBrand: async () => ({ supportUrl: 'https://app.example/help' }) }))
vi.mock('@/app/_sessions', () => ({ sessions: () => ({ requireSession }) }))
vi.mock('@/app/settings/connected-accounts/actions', () => ({
  cancelConnect: async () => undefined,
  connectAccount: async () => undefined,
  declineSuggestion: async () => undefined,
  disconnectAccount: async () => undefined,
  takeBackDecline: async () => undefined,
}))

const tenant = await atTenant()
beforeEach(() => {
  request.headers = new Headers()
  request.later = []
  requireSession.mockReset().mockImplementation(async () => aSession())
})

/** The props of all elements of one type in what a page returns. It renders no components, so it does not look inside. */
function findAll<Props>(kind: unknown, within: ReactNode): Props[] {
  if (Array.isArray(within)) return within.flatMap((child: ReactNode) => findAll<Props>(kind, child))
  if (!isValidElement<{ children?: ReactNode }>(within)) return []
  const { props, type } = within
  const own = type === kind ? [props as Props] : []
  return [...own, ...Object.values(props).flatMap((child) => findAll<Props>(kind, child as ReactNode))]
}
const find = <Props>(kind: (props: Props) => unknown, within: ReactNode) => findAll<Props>(kind, within)[0]
const query = (fields: Record<string, string | string[]> = {}) => ({ searchParams: Promise.resolve(fields) })
async function keep(fields: Partial<ConnectFlow> = {}) {
  const flow = { ...aFlow(), ...fields }
  request.headers.set('cookie', ((await connectFlowCookie(services(), flow)) ?? '').split(';')[0] ?? '')
  return flow.handle
}
const fieldsIn = (within: ReactNode) =>
  Object.fromEntries(
    findAll<{ name?: string; value?: string }>('input', within).map(({ name, value }) => [name, value]),
  )

describe.each([
  ['the page', ConnectedAccountsPage],
  ['the confirm page', ConfirmPage],
  ['the disconnect page', DisconnectPage],
  ['the wrong-account page', WrongAccountPage],
])('%s', (_name, page) => {
  it('reads nothing without a session', async () => {
    requireSession.mockRejectedValue(new Error('redirect to the sign-in'))
    await expect(page(query())).rejects.toThrow('redirect to the sign-in')
    expect(tenant.calls()).toEqual([])
    expect(requireSession).toHaveBeenCalledWith(PAGE)
  })
})

const HELP = 'https://app.example/help'

describe('the page', () => {
  const render = async (fields: Record<string, string> = {}) => ConnectedAccountsPage(query(fields))

  it('writes to the account only after its response', async () => {
    Object.assign(tenant.user('auth0|ann').app_metadata, await aSnapshot({ at: now() - 4000 }))
    await render()
    expect(tenant.writes()).toEqual([])
    for (const work of request.later) await work()
    expect(tenant.writes()).toEqual(['PATCH auth0|ann'])
  })

  it.each([
    [{}, undefined, undefined],
    [{ done: 'connected' }, { text: en.settings.done.connected, isRefusal: false }, undefined],
    [{ refused: 'busy' }, { text: en.settings.refused.busy, isRefusal: true }, 'busy'],
  ])('shows for the query %j the notice %j', async (fields, notice, error) => {
    const page = await render(fields)
    expect(find(Notice, page)).toEqual({ notice })
    expect(find(Page, page)).toMatchObject({ error })
    const { title } = await generateMetadata(query(fields))
    expect(title).toBe(notice ? `${notice.text} ${en.settings.title}` : en.settings.title)
  })

  it('shows the result of the last step even if the account cannot be shown', async () => {
    tenant.play({ match: { path: '/users/auth0' }, effect: { status: 400 } })
    const page = await render({ done: 'disconnected' })
    expect(find(AccountProblem, page)).toMatchObject({ lastStep: en.settings.done.disconnected })
    const problem = AccountProblem({
      supportUrl: HELP,
      messages: en,
      code: 'management_failed',
      lastStep: 'Done.',
      keep: (path) => path,
    })
    expect(JSON.stringify(problem)).toContain('"role":"status","children":"Done."')
  })

  it('leaves out suggestions and connections that cannot be read', async () => {
    tenant.play({ match: { path: 'users-by-email|/connections' }, effect: { status: 403 } })
    const page = await render()
    expect(find(SuggestionList, page)).toBeUndefined()
    expect(find(ConnectionPicker, page)).toMatchObject({
      remarks: [en.settings.connect.unavailable],
      choices: [],
    })
    expect(tenant.logged().map(({ event }) => event)).toEqual(['page_incomplete', 'page_incomplete'])
  })

  it('throws an unexpected error', async () => {
    vi.spyOn(ManagementApi.prototype, 'findUsers').mockRejectedValue(new TypeError('broken'))
    await expect(render()).rejects.toThrow('broken')
  })

  it('shows a remark if there is no connection to connect', async () => {
    configure({ connectConnections: [] })
    expect(find(ConnectionPicker, await render())).toMatchObject({
      remarks: [en.settings.connect.none],
      choices: [],
    })
  })

  it.each([
    [0, [en.settings.connect.lead]],
    [700, [en.settings.connect.lead, en.settings.connect.first]],
  ])('announces a new sign-in first if the last one is old: %d seconds', async (age, remarks) => {
    requireSession.mockResolvedValue(aSession({ authTime: now() - age }))
    expect(find(ConnectionPicker, await render())).toMatchObject({ remarks })
  })

  it.each<[string, string, () => unknown, string]>([
    ['blocked', 'blocked', () => tenant.change('auth0|ann', { blocked: true }), '/auth/logout'],
    [
      'not_found',
      'gone',
      () => tenant.state.users.delete('auth0|ann'),
      `/auth/login?returnTo=${encodeURIComponent(PAGE)}`,
    ],
    ['reauth_required', 'ended', () => age(), `/auth/login?returnTo=${encodeURIComponent(PAGE)}&max_age=0`],
    ['missing_scope', 'down', () => tenant.play({ match: { path: 'users' }, effect: { status: 403 } }), PAGE],
  ])('explains %s, and links to the next step', async (code, kind, happens, href) => {
    happens()
    const page = await render()
    expect(find(AccountProblem, page)).toMatchObject({ code })
    expect(request.later).toEqual([])
    const problem = AccountProblem({
      messages: en,
      code: code as 'blocked',
      supportUrl: HELP,
      keep: (path) => path,
    })
    const words = en.settings.problems[kind as 'gone']
    expect(find(Problem, problem)).toMatchObject({ code, title: words.title })
    expect(find(ButtonLink, problem)).toMatchObject({ href })
  })
  const age = () =>
    requireSession.mockImplementation(async () => {
      tenant.user('auth0|ann').app_metadata.account_linking_journal = {
        entries: [['unlinked', now(), 'a', 'github', 'settings', 'Shop']],
      }
      return aSession({ since: now() - 1 })
    })
})

describe('the confirm page', () => {
  it('asks, and puts a digest of what was read into the form', async () => {
    const flow = await keep()
    const page = await ConfirmPage(query({ flow }))
    expect(fieldsIn(page)).toMatchObject({
      flow,
      agreed: expect.stringMatching(/^[0-9a-f]{12}$/),
      identity: await hash12(OTHER),
    })
    expect(find(Notice, page)).toEqual({ notice: undefined })
    expect(find(Page, page)).toMatchObject({ error: undefined })
  })

  it('says why it asks again', async () => {
    const page = await ConfirmPage(query({ flow: await keep(), changed: '1' }))
    expect(find(Notice, page)).toEqual({ notice: { text: en.settings.confirm.readAgain, isRefusal: true } })
    expect(find(Page, page)).toMatchObject({ error: 'changed' })
  })

  it.each<[string, Partial<ConnectFlow>]>([
    ['nothing was proven', { proof: undefined }],
    ['nothing is to be connected', { chosen: undefined }],
    ['someone else is signed in', { sub: 'auth0|bea' }],
  ])('redirects with no_flow if %s', async (_why, fields) => {
    const flow = await keep(fields)
    const back = `redirect to ${PAGE}?refused=no_flow`
    await expect(ConfirmPage(query({ flow }))).rejects.toThrow(back)
    await expect(ConfirmPage({ searchParams: Promise.resolve({ flow: [flow, flow] }) })).rejects.toThrow(back)
    expect(tenant.calls()).toEqual([])
  })

  it('redirects with already_connected if the accounts are connected', async () => {
    tenant.state.users.delete(OTHER)
    tenant.attach('auth0|ann', { provider: 'google-oauth2', user_id: 'ann-g', connection: 'google-oauth2' })
    await expect(ConfirmPage(query({ flow: await keep() }))).rejects.toThrow(
      `redirect to ${PAGE}?done=already_connected`,
    )
  })

  it('says why the accounts cannot be connected', async () => {
    tenant.change(OTHER, { blocked: true })
    const page = await ConfirmPage(query({ flow: await keep() }))
    expect(find(ConnectRefusal, page)).toMatchObject({ code: 'blocked' })
  })

  it('can be opened again after another change to the accounts is done', async () => {
    const flow = { ...aFlow(), handle: await keep() }
    const page = await ConnectRefusal({ messages: en, flow, code: 'busy', known: [] })
    const links = findAll<{ href: string }>(ButtonLink, page)
    expect(links.map(({ href }) => href)).toEqual([`${PAGE}/confirm?flow=${flow.handle}`, PAGE])
  })
})

describe('the disconnect page', () => {
  const linked = () => {
    tenant.state.users.delete(OTHER)
    tenant.attach('auth0|ann', { provider: 'google-oauth2', user_id: 'ann-g', connection: 'google-oauth2' })
  }

  it('asks, with the identity of the query in the form', async () => {
    linked()
    const identity = await hash12(OTHER)
    const page = await DisconnectPage(query({ identity }))
    expect(fieldsIn(page)).toMatchObject({ identity })
    expect(fieldsIn(page)).not.toHaveProperty('undo')
    expect(findAll<{ action: unknown }>('form', page).map(({ action }) => typeof action)).toEqual([
      'function',
    ])
  })

  it('asks for a sign-in first if the last one is old', async () => {
    linked()
    requireSession.mockResolvedValue(aSession({ authTime: now() - 601 }))
    const page = await DisconnectPage(query({ identity: await hash12(OTHER), undo: '1' }))
    expect(findAll<{ action: unknown }>('form', page).map(({ action }) => action)).toEqual([
      `${PAGE}/step-up`,
    ])
  })

  it.each([
    [false, 0, `${PAGE}/step-up`],
    [false, 1, `${PAGE}/step-up`],
    [true, 1, expect.any(Function)],
  ])(
    'asks for a sign-in if the account has a second factor, unless it was used: %s, %d sign-ins without it',
    async (hasUsedMfa, count, action) => {
      linked()
      tenant.change('auth0|ann', { mfa: true })
      requireSession.mockResolvedValue(aSession({ hasUsedMfa, stepUpsWithoutFactor: count }))
      const page = await DisconnectPage(query({ identity: await hash12(OTHER) }))
      expect(findAll<{ action: unknown }>('form', page).map((form) => form.action)).toEqual([action])
    },
  )

  it('redirects with step_up_without_factor after two sign-ins without the factor, instead of a third one', async () => {
    linked()
    tenant.change('auth0|ann', { mfa: true })
    requireSession.mockResolvedValue(aSession({ stepUpsWithoutFactor: 2 }))
    await expect(DisconnectPage(query({ identity: await hash12(OTHER) }))).rejects.toThrow(
      `redirect to ${PAGE}?refused=step_up_without_factor`,
    )
  })

  it.each<[string, () => Promise<string | string[]>, string]>([
    ['the primary identity', () => hash12('auth0|ann'), 'refused=primary_identity'],
    ['an identity of someone else', () => hash12('auth0|bea'), 'refused=not_linked'],
    ['two identities', async () => [await hash12(OTHER), await hash12(OTHER)], 'refused=not_linked'],
    ['an identity that was disconnected', async () => 'abcdef012345', 'done=already_disconnected'],
  ])('redirects to the page for %s', async (_what, identity, answer) => {
    linked()
    tenant.user('auth0|ann').app_metadata.account_linking_journal = {
      entries: [['unlinked', 100, 'abcdef012345', 'github', 'settings', 'Shop']],
    }
    const asked = { searchParams: Promise.resolve({ identity: await identity() }) }
    await expect(DisconnectPage(asked)).rejects.toThrow(`redirect to ${PAGE}?${answer}`)
  })
})

describe('the wrong-account page', () => {
  it.each([
    [true, 'same_account'],
    [false, 'wrong_account'],
  ])('says whether the account in use was signed in to (%s): %s', async (isCurrent, code) => {
    const flow = await keep({ wrong: { isCurrent, provider: 'github' } })
    expect(find(ConnectRefusal, await WrongAccountPage(query({ flow })))).toMatchObject({ code })
  })

  it('redirects with no_flow if the flow holds no wrong account', async () => {
    await expect(WrongAccountPage(query({ flow: await keep() }))).rejects.toThrow(
      `redirect to ${PAGE}?refused=no_flow`,
    )
  })
})
