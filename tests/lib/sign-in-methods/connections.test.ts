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

/** The person's own token links. */
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
  it('are those of the linking client, asked for once in ten minutes', async () => {
    const { api, connectionsOf } = anApi()
    expect(await provingConnections(services(), api)).toEqual(ALL)
    expect(await provingConnections(services(), api)).toMatchObject(JSON.parse(JSON.stringify(ALL)))
    expect(connectionsOf.mock.calls).toEqual([['linking']])
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 600_000 })
    await provingConnections(services(), api)
    vi.useRealTimers()
    expect(connectionsOf).toHaveBeenCalledTimes(2)
  })

  it('are asked for again if they could not be listed', async () => {
    const { api, connectionsOf } = anApi()
    connectionsOf.mockRejectedValueOnce(new ManagementApiError('missing_scope', 403))
    await expect(provingConnections(services(), api)).rejects.toMatchObject({ code: 'missing_scope' })
    expect(await provingConnections(services(), api)).toEqual(ALL)
  })

  it("are those the operator listed if the person's own token links, which may ask for none", async () => {
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
    ['nothing is said', () => ({}), ['github', 'acme', 'db']],
    ['some are listed', () => ({ connectConnections: ['db', 'github', 'unknown'] }), ['github', 'db']],
    ['one is listed with its strategy', () => ({ connectConnections: ['samlp:acme'] }), ['acme']],
    ['a provider is listed', () => ({ connectConnections: ['samlp'] }), ['acme']],
    ['one is listed with the strategy of another', () => ({ connectConnections: ['oidc:acme'] }), []],
    ['nothing is listed', () => ({ connectConnections: [] }), []],
    ['one is blocked by its name', () => blocking('acme'), ['github', 'db']],
    ['one is blocked by its strategy', () => blocking('samlp'), ['github', 'db']],
    [
      'one is listed and blocked',
      () => ({ connectConnections: ['acme', 'db'], ...blocking('samlp') }),
      ['db'],
    ],
    ["the person's own token links", () => OWN_TOKEN, ['github', 'acme', 'my:db']],
    [
      'it does, and a strategy is blocked',
      () => ({ ...OWN_TOKEN, ...blocking('samlp') }),
      ['github', 'my:db'],
    ],
  ])('if %s', async (_when, changes, expected) => {
    configure(changes())
    expect(names(await connectableConnections(services(), anApi().api))).toEqual(expected)
  })
})

describe('unusableConnections', () => {
  const of = (...connections: string[]) => connections.map((connection) => ({ connection }))

  it('asks nothing as long as the linking client has them all', async () => {
    const { api, connectionsOf } = anApi()
    expect(await unusableConnections(services(), api, of('github', 'db', 'db'), ALL)).toEqual([])
    expect(await unusableConnections(services(), api, of('github', 'gone'), [])).toEqual([])
    expect(connectionsOf).not.toHaveBeenCalled()
  })

  it('are those that the application of the page lacks, too, asked for once in ten minutes', async () => {
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

  it('are none if that cannot be found out', async () => {
    const { api, connectionsOf } = anApi()
    connectionsOf.mockRejectedValue(new ManagementApiError('tenant_unreachable'))
    expect(await unusableConnections(services(), api, of('gone'), ALL)).toEqual([])
    configure(OWN_TOKEN)
    expect(await unusableConnections(services(), api, of('gone'), ALL)).toEqual([])
  })
})

describe('knownConnections', () => {
  it('are none if they cannot be listed', async () => {
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

  it('asks every time what the application of the page may sign in with', async () => {
    const { api, connectionsOf } = anApi()
    await signInCheck(services(), api, [])
    await signInCheck(services(), api, [])
    expect(connectionsOf.mock.calls.map(([client]) => client)).toEqual(['demo-app', 'demo-app'])
  })

  it('reads on until it knows one of the identities that matter to be usable', async () => {
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
    ['an enabled one', identity('github'), true],
    ['one of a connection that is off', identity('facebook'), false],
    ['one that only shares its provider with an enabled one', identity('github', {}, 'other'), false],
    ['a blocked one', identity('github', { blocked: true }), false],
    ['one that was blocked', identity('github', { blocked: false }), true],
    ['a code by e-mail without an address', identity('email'), false],
    ['a code by e-mail with a number only', identity('email', { phone_number: '+1' }), false],
    ['a code by e-mail', identity('email', { email: 'a@example.com' }), true],
    ['a code by text message without a number', identity('sms', { email: 'a@example.com' }), false],
    ['a code by text message', identity('sms', { phone_number: '+1' }), true],
  ])('as to %s: %#', async (_what, asked, expected) => {
    const connectionsOf = async () => enabled('github', 'email', 'sms')
    const isUsable = await signInCheck(services(), { connectionsOf } as unknown as ManagementApi, [asked])
    expect(isUsable(asked)).toBe(expected)
  })

  it('does not guess if it cannot be found out', async () => {
    const { api, connectionsOf } = anApi()
    connectionsOf.mockRejectedValueOnce(new ManagementApiError('tenant_unreachable'))
    await expect(signInCheck(services(), api, [])).rejects.toMatchObject({ code: 'tenant_unreachable' })
  })

  it("goes by the operator's list if the person's own token links", async () => {
    configure(OWN_TOKEN)
    const { api, connectionsOf } = anApi()
    const isUsable = await signInCheck(services(), api, [])
    expect([isUsable(identity('github')), isUsable(identity('samlp', {}, 'acme'))]).toEqual([true, true])
    expect(isUsable(identity('auth0', {}, 'db'))).toBe(false)
    expect(connectionsOf).not.toHaveBeenCalled()
  })
})
