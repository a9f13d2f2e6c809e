import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  cancelConnect,
  connectAccount,
  declineSuggestion,
  disconnectAccount,
  takeBackDecline,
  verifyAddress,
} from '@/app/settings/connected-accounts/actions'
import { hash12 } from '@/core'
import type { Sessions } from '@/lib/session/session'
import { type ConnectFlow, connectFlowCookie } from '@/lib/sign-in-methods/connect/connect-flow'
import { planConnect } from '@/lib/sign-in-methods/connect/connect-plan'
import { planDisconnect } from '@/lib/sign-in-methods/disconnect/disconnect-plan'
import { aFlow, aSession, now } from '../../../lib/sign-in-methods/a-session'
import { atTenant, LEAST_SCOPES } from '../../../lib/sign-in-methods/at-tenant'
import { services } from '../../../support/process/page-services'

const APP = 'http://localhost:3000'
const PAGE = '/settings/connected-accounts'
const OTHER = 'google-oauth2|ann-g'

/** The headers of the current request, and the names of the cookies that its response deletes. */
const request = vi.hoisted(() => ({ headers: new Headers(), dropped: [] as string[] }))
vi.mock('next/headers', () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    getAll: () =>
      (request.headers.get('cookie')?.split('; ') ?? []).map((pair) => ({ name: pair.split('=')[0] ?? '' })),
    has: (name: string) => request.headers.get('cookie')?.includes(`${name}=`) ?? false,
    set: (name: string, value: string, { maxAge }: { maxAge: number }) => {
      if (value === '' && maxAge === 0) request.dropped.push(name)
    },
  }),
}))
vi.mock('next/navigation', () => ({
  redirect: (target: string) => {
    throw Object.assign(new Error('redirect'), { target })
  },
}))
const { requireSession, renewSession } = vi.hoisted(() => ({
  requireSession: vi.fn<Sessions['requireSession']>(),
  renewSession: vi.fn<Sessions['renewSession']>(),
}))
vi.mock('@/app/_sessions', () => ({ sessions: () => ({ requireSession, renewSession }) }))

const tenant = await atTenant()
beforeEach(() => {
  request.headers = new Headers({ origin: APP, 'sec-fetch-site': 'same-origin' })
  request.dropped = []
  requireSession.mockReset().mockImplementation(async () => aSession())
  renewSession.mockReset()
  tenant.grant(...LEAST_SCOPES)
})

/** Sends a form, and returns the address of the redirect. */
async function send(
  action: (form: FormData) => Promise<void>,
  fields: Record<string, string | string[] | Blob>,
) {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields))
    for (const each of [value].flat()) form.append(name, each)
  const error = await action(form).catch((thrown: unknown) => thrown)
  if (!(error instanceof Error && 'target' in error)) throw error
  return error.target
}
const done = (code: string) => `${PAGE}?done=${code}`
const refused = (code: string) => `${PAGE}?refused=${code}`

/** Puts the cookie of a connect flow into the request. */
async function keep(fields: Partial<ConnectFlow> = {}) {
  const flow = { ...aFlow(), ...fields }
  request.headers.set('cookie', ((await connectFlowCookie(services(), flow)) ?? '').split(';')[0] ?? '')
  return flow
}
const agreed = async (flow = aFlow()) =>
  (await planConnect(services(), services().managementApi(), aSession(), flow))?.digest ?? ''
const connecting = async () => ({
  flow: (await keep()).handle,
  agreed: await agreed(),
  identity: await hash12(OTHER),
})
const disconnecting = async (isUndo = false) => {
  await send(connectAccount, await connecting())
  request.dropped = []
  renewSession.mockReset()
  const form = await disconnectForm(isUndo)
  tenant.state.ledger = []
  return form
}
/** The fields of the form on the disconnect page, for the account `OTHER`. */
async function disconnectForm(isUndo = false) {
  const target = { handle: await hash12(OTHER), isUndo }
  const plan = await planDisconnect(services(), services().managementApi(), aSession(), target)
  return { identity: target.handle, agreed: plan?.digest ?? '', ...(isUndo ? { undo: '1' } : {}) }
}

describe.each<[string, (form: FormData) => Promise<void>, () => Promise<Record<string, string>>]>([
  ['connectAccount', connectAccount, connecting],
  ['cancelConnect', cancelConnect, connecting],
  ['disconnectAccount', disconnectAccount, () => disconnecting()],
  ['declineSuggestion', declineSuggestion, async () => ({ suggestion: await hash12(OTHER) })],
  ['takeBackDecline', takeBackDecline, async () => ({ suggestion: await hash12(OTHER) })],
])('%s', (_name, action, fields) => {
  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example' }],
    ['one that forges proxy headers', { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example' }],
    ['the origin null', { origin: 'null' }],
    ['a request that its browser marks as cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['no origin', { origin: '' }],
  ])('does nothing for %s', async (_who, headers) => {
    const form = await fields()
    const before = tenant.calls().length
    for (const [name, value] of Object.entries(headers))
      if (value === '') request.headers.delete(name)
      else request.headers.set(name, value)
    requireSession.mockReset()
    expect(await send(action, form)).toBe(refused('csrf'))
    expect(requireSession).not.toHaveBeenCalled()
    expect(tenant.calls()).toHaveLength(before)
    expect(request.dropped).toEqual([])
  })

  it('does nothing without a session', async () => {
    const form = await fields()
    const before = tenant.calls().length
    requireSession.mockRejectedValue(Object.assign(new Error('redirect'), { target: 'to sign in' }))
    expect(await send(action, form)).toBe('to sign in')
    expect(tenant.calls()).toHaveLength(before)
  })
})

describe('connectAccount', () => {
  it('connects, forgets the flow, and renews the session that did it', async () => {
    const form = await connecting()
    expect(await send(connectAccount, form)).toBe(done('connected'))
    expect(tenant.identities('auth0|ann')).toEqual(['auth0|ann', OTHER])
    expect(request.dropped).toEqual([`connect_${form.flow}`])
    expect(renewSession.mock.calls).toEqual([[{ since: expect.any(Number) }]])
    expect(renewSession.mock.calls[0]?.[0].since).toBeGreaterThanOrEqual(now() - 2)
  })

  it('redirects to a sign-in to the account that stays, if that is the other account', async () => {
    tenant.change(OTHER, { created_at: '2020-01-01T00:00:00.000Z' })
    const target = new URL(String(await send(connectAccount, await connecting())), APP)
    expect(target.pathname).toBe('/auth/login')
    expect(target.searchParams.get('returnTo')).toBe(done('connected'))
    expect(renewSession).not.toHaveBeenCalled()
  })

  it('asks again, and keeps the flow, if something has changed', async () => {
    const form = await connecting()
    expect(await send(connectAccount, { ...form, agreed: 'x' })).toBe(
      `${PAGE}/confirm?flow=${form.flow}&changed=1`,
    )
    expect(request.dropped).toEqual([])
    expect(tenant.writes()).toEqual([])
  })

  it('answers already_connected if the form is sent again', async () => {
    const form = await connecting()
    await send(connectAccount, form)
    expect(await send(connectAccount, form)).toBe(done('already_connected'))
    // The session is renewed again, because the response to the first form may never have arrived.
    expect(renewSession).toHaveBeenCalledTimes(2)
    request.headers.delete('cookie')
    expect(await send(connectAccount, form)).toBe(done('already_connected'))
  })

  it.each<[string, Partial<ConnectFlow>]>([
    ['in which nothing was proven', { proof: undefined }],
    ['that only renews a sign-in', { chosen: undefined }],
    ['of someone else', { sub: 'auth0|bea' }],
  ])('connects nothing with a flow %s', async (_which, fields) => {
    const form = await connecting()
    await keep(fields)
    expect(await send(connectAccount, form)).toBe(refused('no_flow'))
    expect(tenant.writes()).toEqual([])
  })

  it('connects nothing with the flow of a person who was signed in before in this browser', async () => {
    const form = await connecting()
    requireSession.mockResolvedValue(aSession({ userId: 'auth0|bea' }))
    expect(await send(connectAccount, form)).toBe(refused('no_flow'))
    expect(tenant.writes()).toEqual([])
  })

  it.each([
    ['flow', ['0123456789abcdef', '0123456789abcdef'], refused('no_flow')],
    ['flow', new Blob(['x']), refused('no_flow')],
    ['flow', '', refused('no_flow')],
  ])('refuses a field %s that is %j', async (name, value, expected) => {
    expect(await send(connectAccount, { ...(await connecting()), [name]: value })).toBe(expected)
    expect(tenant.writes()).toEqual([])
  })

  it('asks again if the field agreed is sent twice', async () => {
    const form = await connecting()
    const twice = { ...form, agreed: [form.agreed, form.agreed] }
    expect(await send(connectAccount, twice)).toContain('changed=1')
    expect(tenant.writes()).toEqual([])
  })

  it('answers a known error with its code, and throws any other error', async () => {
    const form = await connecting()
    tenant.play({ match: { method: 'PATCH' }, effect: { status: 403 } })
    expect(await send(connectAccount, form)).toBe(refused('missing_scope'))
    requireSession.mockResolvedValue(undefined as never)
    await expect(send(connectAccount, form)).rejects.toThrow(TypeError)
  })
})

describe('cancelConnect', () => {
  const bear = () =>
    tenant.state.createUser({
      user_id: 'github|new',
      created_at: new Date().toISOString(),
      identities: [{ provider: 'github', user_id: 'new', connection: 'github' }],
    })

  it('forgets the flow and changes nothing', async () => {
    const { handle } = await keep({ born: 'github|new' })
    bear()
    expect(await send(cancelConnect, { flow: handle })).toBe(done('cancelled'))
    expect(request.dropped).toEqual([`connect_${handle}`])
    expect(tenant.calls()).toEqual([])
  })

  it('removes the account that the flow created, if that is asked for', async () => {
    tenant.grant(...LEAST_SCOPES, 'delete:users')
    const { handle } = await keep({ born: 'github|new' })
    bear()
    expect(await send(cancelConnect, { flow: handle, remove: '1' })).toBe(done('removed'))
    expect(tenant.state.users.has('github|new')).toBe(false)
  })

  it('removes nothing if the account has a second factor and the session began without it', async () => {
    tenant.grant(...LEAST_SCOPES, 'delete:users')
    tenant.change('auth0|ann', { mfa: true })
    const { handle } = await keep({ born: 'github|new' })
    bear()
    expect(await send(cancelConnect, { flow: handle, remove: '1' })).toBe(refused('own_factor_required'))
    expect(tenant.state.users.has('github|new')).toBe(true)
    requireSession.mockResolvedValue(aSession({ hasUsedMfa: true }))
    expect(await send(cancelConnect, { flow: handle, remove: '1' })).toBe(done('removed'))
  })

  it.each<[string, Partial<ConnectFlow>, string]>([
    ['was created by no flow', {}, refused('changed')],
    ['is of a flow of someone else', { born: 'github|new', sub: 'auth0|bea' }, refused('no_flow')],
  ])('removes nothing that %s', async (_what, fields, expected) => {
    tenant.grant(...LEAST_SCOPES, 'delete:users')
    const { handle } = await keep(fields)
    bear()
    expect(await send(cancelConnect, { flow: handle, remove: '1', born: 'github|new' })).toBe(expected)
    expect(tenant.state.users.has('github|new')).toBe(true)
  })
})

describe('verifyAddress', () => {
  const mails = () => tenant.state.sentMails.map(({ to }) => to)

  it('sends at most three mails an hour, whichever session asks', async () => {
    tenant.change('auth0|ann', { email_verified: false })
    for (const sid of ['one', 'two', 'three']) {
      requireSession.mockResolvedValue(aSession({ sid }))
      expect(await send(verifyAddress, {})).toBe(done('mail_sent'))
    }
    expect(await send(verifyAddress, {})).toBe(refused('mail_limit'))
    expect(mails()).toEqual(Array(3).fill('ann@example.com'))
    vi.advanceTimersByTime(3_600_000)
    requireSession.mockResolvedValue(aSession())
    expect(await send(verifyAddress, {})).toBe(done('mail_sent'))
  })

  it('sends nothing if the address is verified, or if the request comes from another site', async () => {
    expect(await send(verifyAddress, {})).toBe(done('verified'))
    tenant.change('auth0|ann', { email_verified: false })
    request.headers = new Headers({ origin: 'https://evil.example' })
    expect(await send(verifyAddress, {})).toBe(refused('csrf'))
    expect(mails()).toEqual([])
  })
})

describe('disconnectAccount', () => {
  it.each([
    [false, {}, 'disconnected'],
    [true, {}, 'restored'],
    [false, { undo: 'yes' }, 'disconnected'],
  ])('with undo %s and the fields %j ends as %s, and renews the session', async (isUndo, fields, code) => {
    expect(await send(disconnectAccount, { ...(await disconnecting(isUndo)), ...fields })).toBe(done(code))
    expect(tenant.identities('auth0|ann')).toEqual(['auth0|ann'])
    expect(renewSession.mock.calls).toEqual([[{ since: expect.any(Number) }]])
  })

  it('answers already_disconnected if the form is sent again', async () => {
    const form = await disconnecting()
    await send(disconnectAccount, form)
    expect(await send(disconnectAccount, form)).toBe(done('already_disconnected'))
    // The session is renewed again, because the response to the first form may never have arrived.
    expect(renewSession).toHaveBeenCalledTimes(2)
  })

  it.each([
    ['nothing', {}],
    ['something else', { agreed: '0123456789ab' }],
    ['an undo', { undo: '1' }],
    ['two things', { agreed: ['x', 'y'] }],
  ])('asks again if the person agreed to %s', async (_what, fields) => {
    const { agreed: _agreed, ...form } = await disconnecting()
    const target = await send(disconnectAccount, { ...form, ...fields })
    expect(target).toMatch(/\/disconnect\?identity=[0-9a-f]{12}(&undo=1)?&changed=1$/)
    expect(tenant.writes()).toEqual([])
  })

  it('asks again if the account was changed since the page was shown', async () => {
    const form = await disconnecting()
    tenant.user('auth0|ann').user_metadata.newsletter = 'weekly'
    expect(await send(disconnectAccount, form)).toContain('changed=1')
    expect(await send(disconnectAccount, await disconnectForm())).toBe(done('disconnected'))
    expect(tenant.user('auth0|ann').user_metadata.newsletter).toBe('weekly')
  })

  it('answers restored_partly if not everything was given back', async () => {
    await disconnecting()
    // The primary's own `plan` has changed since the link, so the undo withholds `app_metadata` that was not carried over.
    tenant.user('auth0|ann').app_metadata.plan = 'enterprise'
    expect(await send(disconnectAccount, await disconnectForm(true))).toBe(done('restored_partly'))
  })

  it.each([
    [{}, ''],
    [{ undo: '1' }, '&undo=1'],
  ])('leads back to the disconnect page if the sign-in is old: %j', async (fields, rest) => {
    const form = { ...(await disconnecting()), ...fields }
    requireSession.mockResolvedValue(aSession({ authTime: now() - 700 }))
    expect(await send(disconnectAccount, form)).toBe(`${PAGE}/disconnect?identity=${form.identity}${rest}`)
    expect(tenant.calls()).toEqual([])
  })

  it.each([
    [{}, ''],
    [{ remove: '1' }, ''],
    [{ undo: '1' }, '&undo=1'],
  ])(
    'leads back to the disconnect page if the account has a second factor and the session lacks it: %j',
    async (fields, rest) => {
      tenant.grant(...LEAST_SCOPES, 'delete:users')
      const form = { ...(await disconnecting()), ...fields }
      tenant.change('auth0|ann', { mfa: true })
      expect(await send(disconnectAccount, form)).toBe(`${PAGE}/disconnect?identity=${form.identity}${rest}`)
      expect(tenant.writes()).toEqual([])
      expect(renewSession).not.toHaveBeenCalled()
    },
  )

  it.each([
    ['auth0|ann', 'primary_identity'],
    ['auth0|eve', 'not_linked'],
  ])('refuses %s with %s', async (userId, code) => {
    await disconnecting()
    expect(await send(disconnectAccount, { identity: await hash12(userId) })).toBe(refused(code))
    expect(tenant.writes()).toEqual([])
  })

  it('accepts an identity only as its hash, in a single field', async () => {
    const { identity } = await disconnecting()
    for (const value of [[identity, identity], OTHER, new Blob([identity]), '../../roles'])
      expect(await send(disconnectAccount, { identity: value })).toBe(refused('not_linked'))
    expect(tenant.writes()).toEqual([])
  })

  it('answers later if the metadata could not be given back yet', async () => {
    const form = await disconnecting()
    tenant.play({ match: { method: 'PATCH', path: 'google' }, effect: { status: 400 } })
    expect(await send(disconnectAccount, form)).toBe(done('later'))
    expect(renewSession).toHaveBeenCalledTimes(1)
  })

  it('deletes the separated account if the form asks for it, and answers not_removed if it could not', async () => {
    const form = { ...(await disconnecting()), remove: '1' }
    expect(await send(disconnectAccount, form)).toBe(done('not_removed'))
    tenant.state.reset()
    const again = { ...aFlow(), handle: 'f'.repeat(16) }
    await keep(again)
    await send(connectAccount, { flow: again.handle, agreed: await agreed(again), identity: '' })
    tenant.grant(...LEAST_SCOPES, 'delete:users')
    expect(await send(disconnectAccount, form)).toBe(done('disconnected'))
    expect(tenant.state.users.has(OTHER)).toBe(false)
  })
})

describe('suggestions', () => {
  it('can be declined, and the decline can be taken back', async () => {
    const suggestion = await hash12(OTHER)
    expect(await send(declineSuggestion, { suggestion })).toBe(done('declined'))
    expect(Object(tenant.user('auth0|ann').app_metadata.account_linking).declined).not.toEqual({})
    expect(await send(takeBackDecline, { suggestion })).toBe(done('taken_back'))
    expect(Object(tenant.user('auth0|ann').app_metadata.account_linking).declined).toEqual({})
  })

  it.each([declineSuggestion, takeBackDecline])('that do not exist change nothing: %#', async (action) => {
    expect(await send(action, { suggestion: await hash12('auth0|bea') })).toBe(refused('not_available'))
    expect(tenant.writes()).toEqual([])
  })
})
