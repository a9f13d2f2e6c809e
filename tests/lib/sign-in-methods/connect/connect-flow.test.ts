import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  type ConnectFlow,
  connectFlowCookie,
  connectFlowCookieName,
  dropOldConnectFlows,
  newConnectFlow,
  readConnectFlow,
} from '@/lib/sign-in-methods/connect/connect-flow'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'
import { services } from '../../../support/process/page-services'

const NOW = 1_800_000_000
const MINUTE = 60
const ANN = 'auth0|ann'
/** An attempt of realistic size: `handle.state`, nonce and verifier of 256 bits each. */
const ATTEMPT = {
  state: `${'0'.repeat(16)}.${'s'.repeat(43)}`,
  nonce: 'n'.repeat(43),
  verifier: 'v'.repeat(43),
  startedAt: NOW,
}
const CHOSEN = { connection: 'github', provider: 'github' }

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

const later = (seconds: number) => vi.setSystemTime((NOW + seconds) * 1000)
/** A request with cookies, given as `name=value` or as `Set-Cookie` lines. */
const requestWith = (...cookies: string[]) =>
  new Request('http://localhost:3000/', {
    headers: cookies.length > 0 ? { cookie: cookies.map((cookie) => cookie.split(';')[0]).join('; ') } : {},
  })

/** A flow of Ann's, and its cookie. */
async function open(fields: Partial<ConnectFlow> = {}) {
  const flow = { ...newConnectFlow(ANN, { chosen: CHOSEN }), ...fields }
  return { flow, cookie: (await connectFlowCookie(services(), flow)) ?? '' }
}

describe('newConnectFlow', () => {
  it('creates a flow with a unique handle, its user and its start time', () => {
    const [one, other] = [newConnectFlow(ANN, { chosen: CHOSEN }), newConnectFlow(ANN, {})]
    expect(one).toEqual({
      handle: expect.stringMatching(/^[0-9a-f]{16}$/),
      sub: ANN,
      openedAt: NOW,
      chosen: CHOSEN,
    })
    expect(one.handle).not.toBe(other.handle)
  })
})

describe('connectFlowCookie', () => {
  it('stores the flow encrypted for ten minutes, not accessible to scripts and other sites', async () => {
    const { flow, cookie } = await open({
      proof: { userId: 'github|secret', hasUsedMfa: false, idToken: 'token' },
    })
    expect(cookie).toMatch(
      new RegExp(`^connect_${flow.handle}=[\\w.-]+; Path=/; Max-Age=600; HttpOnly; SameSite=Lax$`),
    )
    const text = cookie + Buffer.from(cookie, 'base64').toString()
    for (const secret of ['secret', ANN, 'token']) expect(text).not.toContain(secret)
  })

  it('does not extend the life of a flow that is written later', async () => {
    const { flow } = await open()
    later(7 * MINUTE)
    expect(await connectFlowCookie(services(), flow)).toMatch(/; Max-Age=180;/)
  })

  it('is undefined if it would leave no room for our other cookies', async () => {
    const { flow } = await open()
    const withToken = (length: number) =>
      connectFlowCookie(services(), {
        ...flow,
        proof: { userId: 'github|1', hasUsedMfa: false, idToken: 'x'.repeat(length) },
      })
    const fits = await withToken(1_500)
    expect(fits?.length).toBeLessThan(3_100)
    expect(await withToken(2_200)).toBeUndefined()
  })

  const wayBack = { clientId: 'a'.repeat(64), returnTo: `https://shop.example/${'a'.repeat(1_979)}` }

  it('has room for the longest way back', async () => {
    const attempt = { ...ATTEMPT, of: 'other' as const }
    const { flow, cookie } = await open({ attempt, needsMfa: ['current', 'other'], wayBack })
    expect(cookie.length).toBeLessThan(4_000)
    expect((await readConnectFlow(services(), requestWith(cookie), flow.handle, ANN))?.wayBack).toEqual(
      wayBack,
    )
  })

  it('drops the way back if there is no room, and keeps the flow', async () => {
    const logged = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const proof = { userId: 'github|1', hasUsedMfa: false, idToken: 'x'.repeat(1_500) }
    const { flow, cookie } = await open({ proof, wayBack })
    const kept = await readConnectFlow(services(), requestWith(cookie), flow.handle, ANN)
    expect([kept?.proof, kept?.wayBack]).toEqual([proof, undefined])
    expect(logged).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining('"event":"way_back_ignored","reason":"no_room"'),
    )
    const tooLong = { ...proof, idToken: 'x'.repeat(2_200) }
    expect(await connectFlowCookie(services(), { ...flow, proof: tooLong, wayBack })).toBeUndefined()
  })
})

describe('readConnectFlow', () => {
  it('returns everything that was stored', async () => {
    const fields: Partial<ConnectFlow> = {
      chosen: { ...CHOSEN, userId: 'github|1', email: 'ann@example.com' },
      returnTo: '/settings/connected-accounts/disconnect?identity=x',
      needsMfa: ['current', 'other'],
      attempt: { state: 's', nonce: 'n', verifier: 'v', startedAt: NOW, of: 'other' },
      proof: {
        userId: 'github|1',
        email: 'ann@example.com',
        hasUsedMfa: true,
        idToken: 'token',
        seen: {
          email: 'ann@example.com',
          isEmailVerified: true,
          hasMfa: false,
          identities: [{ user_id: 'github|1', provider: 'github', connection: 'github' }],
          fields: { user_metadata: ['a'], app_metadata: ['b'] },
        },
      },
      wrong: { isCurrent: false, provider: 'github', email: 'a••@example.com' },
      born: 'github|1',
    }
    const { flow, cookie } = await open(fields)
    expect(await readConnectFlow(services(), requestWith('other=1', cookie), flow.handle, ANN)).toEqual(flow)
  })

  it.each<[string, (handle: string) => string | undefined]>([
    ['missing', () => undefined],
    ['empty', () => ''],
    ['another one', () => 'f'.repeat(16)],
    ['in capitals', (handle) => handle.toUpperCase().replace(/^[0-9]*$/, 'ABCDEFABCDEFABCD')],
    ['longer', (handle) => `${handle}0`],
    ['followed by a line break', (handle) => `${handle}\n`],
    ['a path', () => '../../../../etc'],
  ])('finds no flow by a handle that is %s', async (_what, handle) => {
    const { flow, cookie } = await open()
    expect(await readConnectFlow(services(), requestWith(cookie), handle(flow.handle), ANN)).toBeUndefined()
  })

  it.each(['auth0|bea', 'auth0|annn', '', 'auth0|ANN'])(
    "finds no flow in the session of '%s'",
    async (sub) => {
      const { flow, cookie } = await open()
      expect(await readConnectFlow(services(), requestWith(cookie), flow.handle, sub)).toBeUndefined()
    },
  )

  it('finds no flow if its cookie is sent twice, whichever is genuine', async () => {
    const { flow, cookie } = await open()
    const tossed = `${connectFlowCookieName(services(), flow.handle)}=tossed`
    for (const cookies of [
      [cookie, tossed],
      [tossed, cookie],
      [cookie, cookie],
    ])
      expect(await readConnectFlow(services(), requestWith(...cookies), flow.handle, ANN)).toBeUndefined()
  })

  it("does not accept the content of another flow under this flow's name", async () => {
    const [one, other] = [await open(), await open()]
    const moved = other.cookie.replace(other.flow.handle, one.flow.handle)
    expect(await readConnectFlow(services(), requestWith(moved), one.flow.handle, ANN)).toBeUndefined()
    expect(await readConnectFlow(services(), requestWith(other.cookie), other.flow.handle, ANN)).toBeDefined()
  })

  it.each([
    [10 * MINUTE - 1, true],
    [10 * MINUTE, false],
    [24 * 60 * MINUTE, false],
  ])('finds it after %d seconds: %s, even if the browser still sends it', async (seconds, isThere) => {
    const { flow, cookie } = await open()
    later(seconds)
    expect((await readConnectFlow(services(), requestWith(cookie), flow.handle, ANN)) !== undefined).toBe(
      isThere,
    )
  })

  it('does not extend the life of a flow that is written again', async () => {
    const { flow } = await open()
    later(9 * MINUTE)
    const again = (await connectFlowCookie(services(), flow)) ?? ''
    later(10 * MINUTE)
    expect(await readConnectFlow(services(), requestWith(again), flow.handle, ANN)).toBeUndefined()
  })

  it('finds no flow in an altered cookie', async () => {
    const { flow, cookie } = await open()
    const [line = ''] = cookie.split(';')
    const at = line.length - 5
    const flipped = `${line.slice(0, at)}${line[at] === 'A' ? 'B' : 'A'}${line.slice(at + 1)}`
    for (const changed of [flipped, line.slice(0, -3), `${line}x`, `${line.split('=')[0]}=`])
      expect(await readConnectFlow(services(), requestWith(changed), flow.handle, ANN)).toBeUndefined()
  })

  it.each<[string, string, (flow: ConnectFlow) => unknown]>([
    ['for another purpose', 'link-transaction', (flow) => flow],
    ['without a user', 'connect-flow', ({ sub: _sub, ...flow }) => flow],
    ['in another shape', 'connect-flow', (flow) => ({ ...flow, needsMfa: ['everyone'] })],
    ['with an incomplete proof', 'connect-flow', (flow) => ({ ...flow, proof: { userId: 'github|1' } })],
    ['as a text', 'connect-flow', (flow) => JSON.stringify(flow)],
  ])('finds no flow in content that was sealed %s', async (_how, purpose, change) => {
    const { flow } = await open()
    const sealed = await services().sealer.seal(purpose, change(flow), NOW + 600)
    const cookie = `${connectFlowCookieName(services(), flow.handle)}=${sealed}`
    expect(await readConnectFlow(services(), requestWith(cookie), flow.handle, ANN)).toBeUndefined()
  })

  it('finds a flow that was sealed correctly', async () => {
    const { flow } = await open()
    const sealed = await services().sealer.seal('connect-flow', flow, NOW + 600)
    const cookie = `${connectFlowCookieName(services(), flow.handle)}=${sealed}`
    expect(await readConnectFlow(services(), requestWith(cookie), flow.handle, ANN)).toEqual(flow)
  })
})

describe('dropOldConnectFlows', () => {
  const cookie = (digit: string) => `connect_${digit.repeat(16)}=x`

  it.each([
    [[], []],
    [['1'], []],
    [['1', '2'], ['1']],
    [
      ['1', '2', '3'],
      ['1', '2'],
    ],
    // The flow itself does not count.
    [['1', 'a'], []],
    [['a', '1', '2'], ['1']],
  ])('with %j makes room for one by dropping %j', (names, dropped) => {
    const request = requestWith('session=x', ...names.map(cookie), 'link_1=x')
    expect(dropOldConnectFlows(services(), request, 'a'.repeat(16))).toEqual(
      dropped.map(
        (digit) =>
          `connect_${digit.repeat(16)}=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax`,
      ),
    )
  })
})
