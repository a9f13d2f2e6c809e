import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { AccountIdentity } from '@/lib/auth0/account'
import type { Connection } from '@/lib/auth0/connection'
import type { ManagementApi } from '@/lib/auth0/management-api'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import type { Config } from '@/lib/config/config'
import {
  connectableConnections,
  knownConnections,
  provingConnections,
  signInCheck,
  unusableConnections,
} from '@/lib/sign-in-methods/connections'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { configure, services } from '../../support/process/page-services'
import { forgetProcessMemory } from '../../support/process/process-memory'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  forgetProcessMemory('cached')
})
afterEach(() => vi.unstubAllEnvs())

/** A configuration in which links are made with the person's own token. */
const OWN_TOKEN: Partial<Config> = {
  linkingAuthority: 'user',
  connectConnections: ['github', 'samlp:acme', 'auth0:my:db'],
}
const blocking = (...blocked: string[]) => ({ policy: { ...services().policy, blocked } })

const ALL: Connection[] = [
  { id: 'con_1', name: 'github', strategy: 'github', displayName: 'GitHub' },
  { id: 'con_2', name: 'acme', strategy: 'samlp', displayName: undefined },
  { id: 'con_3', name: 'db', strategy: 'auth0', displayName: undefined },
]
const anApi = () => {
  const connectionsOf = vi.fn(async (_clientId: string, _isEnough?: (found: Connection[]) => boolean) => ALL)
  return { connectionsOf, api: { connectionsOf } as unknown as ManagementApi }
}
const names = (found: Connection[]) => found.map(({ name }) => name)

describe('provingConnections', () => {
  it('are those of the linking client, requested once in ten minutes', async () => {
    const { api, connectionsOf } = anApi()
    expect(await provingConnections(services(), api)).toEqual(ALL)
    expect(await provingConnections(services(), api)).toMatchObject(JSON.parse(JSON.stringify(ALL)))
    expect(connectionsOf.mock.calls).toEqual([['linking']])
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 600_000 })
    await provingConnections(services(), api)
    vi.useRealTimers()
    expect(connectionsOf).toHaveBeenCalledTimes(2)
  })

  it('are requested again if the request failed', async () => {
    const { api, connectionsOf } = anApi()
    connectionsOf.mockRejectedValueOnce(new ManagementApiError('missing_scope', 403))
    await expect(provingConnections(services(), api)).rejects.toMatchObject({ code: 'missing_scope' })
    expect(await provingConnections(services(), api)).toEqual(ALL)
  })

  it("are those that the operator listed, without a request, if links are made with the person's own token", async () => {
    configure(OWN_TOKEN)
    const { api, connectionsOf } = anApi()
    expect(await provingConnections(services(), api)).toEqual([
      { id: undefined, name: 'github', strategy: 'github', displayName: undefined },
      { id: undefined, name: 'acme', strategy: 'samlp', displayName: undefined },
      { id: undefined, name: 'my:db', strategy: 'auth0', displayName: undefined },
    ])
    expect(connectionsOf).not.toHaveBeenCalled()
  })
})

describe('connectableConnections', () => {
  it.each<[string, () => Partial<Config>, string[]]>([
    ['nothing is configured', () => ({}), ['github', 'acme', 'db']],
    ['some are listed', () => ({ connectConnections: ['db', 'github', 'unknown'] }), ['github', 'db']],
    ['one is listed with its strategy', () => ({ connectConnections: ['samlp:acme'] }), ['acme']],
    ['a provider is listed', () => ({ connectConnections: ['samlp'] }), ['acme']],
    ['one is listed with another strategy', () => ({ connectConnections: ['oidc:acme'] }), []],
    ['the list is empty', () => ({ connectConnections: [] }), []],
    ['one is blocked by its name', () => blocking('acme'), ['github', 'db']],
    ['one is blocked by its strategy', () => blocking('samlp'), ['github', 'db']],
    [
      'one is listed and blocked',
      () => ({ connectConnections: ['acme', 'db'], ...blocking('samlp') }),
      ['db'],
    ],
    ["links are made with the person's own token", () => OWN_TOKEN, ['github', 'acme', 'my:db']],
    [
      "links are made with the person's own token, and a strategy is blocked",
      () => ({ ...OWN_TOKEN, ...blocking('samlp') }),
      ['github', 'my:db'],
    ],
  ])('contain the right connections if %s', async (_when, changes, expected) => {
    configure(changes())
    expect(names(await connectableConnections(services(), anApi().api))).toEqual(expected)
  })
})

describe('unusableConnections', () => {
  const of = (...connections: string[]) => connections.map((connection) => ({ connection }))

  it('need no request if the linking client has all connections', async () => {
    const { api, connectionsOf } = anApi()
    expect(await unusableConnections(services(), api, of('github', 'db', 'db'), ALL)).toEqual([])
    expect(await unusableConnections(services(), api, of('github', 'gone'), [])).toEqual([])
    expect(connectionsOf).not.toHaveBeenCalled()
  })

  it('are those that the application of the page lacks, too, requested once in ten minutes', async () => {
    const { api, connectionsOf } = anApi()
    connectionsOf.mockResolvedValue([...ALL, { ...(ALL[0] as Connection), name: 'only-here' }])
    for (let view = 0; view < 2; view += 1)
      expect(await unusableConnections(services(), api, of('only-here', 'github', 'gone'), ALL)).toEqual([
        'gone',
      ])
    expect(connectionsOf.mock.calls.map(([client]) => client)).toEqual(['demo-app'])
    const [, isEnough] = connectionsOf.mock.calls[0] ?? []
    expect(isEnough?.(ALL)).toBe(false)
  })

  it('are an empty list if that cannot be read', async () => {
    const { api, connectionsOf } = anApi()
    connectionsOf.mockRejectedValue(new ManagementApiError('tenant_unreachable'))
    expect(await unusableConnections(services(), api, of('gone'), ALL)).toEqual([])
    configure(OWN_TOKEN)
    expect(await unusableConnections(services(), api, of('gone'), ALL)).toEqual([])
  })
})

describe('knownConnections', () => {
  it('are an empty list if they cannot be read', async () => {
    const { api, connectionsOf } = anApi()
    connectionsOf.mockRejectedValueOnce(new ManagementApiError('missing_scope', 403))
    expect(await knownConnections(services(), api)).toEqual([])
    expect(await knownConnections(services(), api)).toEqual(ALL)
  })
})

describe('signInCheck', () => {
  const identity = (provider: string, profile: AccountIdentity['profile'] = {}, connection = provider) => ({
    user_id: `${provider}|1`,
    provider,
    connection,
    profile,
  })
  const enabled = (...strategies: string[]) =>
    strategies.map((name) => ({ id: undefined, name, strategy: name, displayName: undefined }))

  it('requests on each call which connections the application of the page may sign in with', async () => {
    const { api, connectionsOf } = anApi()
    await signInCheck(services(), api, [])
    await signInCheck(services(), api, [])
    expect(connectionsOf.mock.calls.map(([client]) => client)).toEqual(['demo-app', 'demo-app'])
  })

  it('reads pages until one of the identities is known to be usable', async () => {
    const { api, connectionsOf } = anApi()
    await signInCheck(services(), api, [
      identity('github', { blocked: true }),
      identity('acme'),
      identity('email', { email: 'a' }),
    ])
    const [, isEnough] = connectionsOf.mock.calls[0] ?? []
    expect(isEnough?.(enabled('facebook', 'github'))).toBe(false)
    expect(isEnough?.(enabled('facebook', 'github', 'acme'))).toBe(true)
    expect(isEnough?.(enabled('facebook', 'github', 'email'))).toBe(true)
  })

  it.each([
    ['an identity of an enabled connection', identity('github'), true],
    ['an identity of a disabled connection', identity('facebook'), false],
    ['an identity that shares only its provider', identity('github', {}, 'other'), false],
    ['a blocked identity', identity('github', { blocked: true }), false],
    ['an identity that was blocked', identity('github', { blocked: false }), true],
    ['an email code without an address', identity('email'), false],
    ['an email code with only a phone number', identity('email', { phone_number: '+1' }), false],
    ['an email code with an address', identity('email', { email: 'a@example.com' }), true],
    ['a text message code without a number', identity('sms', { email: 'a@example.com' }), false],
    ['a text message code with a number', identity('sms', { phone_number: '+1' }), true],
  ])('decides whether this is usable, %s: %#', async (_what, asked, expected) => {
    const connectionsOf = async () => enabled('github', 'email', 'sms')
    const isUsable = await signInCheck(services(), { connectionsOf } as unknown as ManagementApi, [asked])
    expect(isUsable(asked)).toBe(expected)
  })

  it('throws if the connections cannot be read', async () => {
    const { api, connectionsOf } = anApi()
    connectionsOf.mockRejectedValueOnce(new ManagementApiError('tenant_unreachable'))
    await expect(signInCheck(services(), api, [])).rejects.toMatchObject({ code: 'tenant_unreachable' })
  })

  it("uses the operator's list if links are made with the person's own token", async () => {
    configure(OWN_TOKEN)
    const { api, connectionsOf } = anApi()
    const isUsable = await signInCheck(services(), api, [])
    expect([isUsable(identity('github')), isUsable(identity('samlp', {}, 'acme'))]).toEqual([true, true])
    expect(isUsable(identity('auth0', {}, 'db'))).toBe(false)
    expect(connectionsOf).not.toHaveBeenCalled()
  })
})
