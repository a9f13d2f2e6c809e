import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GET } from '@/app/readyz/route'
import { noteStepUp } from '@/lib/health/step-up-warning'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { services } from '../../support/process/services'

for (const [name, value] of Object.entries(APP_ENVIRONMENT)) process.env[name] = value

const ISSUER = 'http://localhost:4400/'
const METADATA = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}authorize`,
  token_endpoint: `${ISSUER}oauth/token`,
  jwks_uri: `${ISSUER}.well-known/jwks.json`,
  code_challenge_methods_supported: ['S256'],
}
const KEYS = { keys: [{ kty: 'RSA', kid: 'key-1' }] }

/** Stubs the responses of the tenant. Returns a function that says how often its keys were requested. */
function tenant({
  metadata = METADATA,
  keys = () => Response.json(KEYS) as Response | Promise<Response>,
} = {}) {
  let asked = 0
  vi.stubGlobal('fetch', async (input: string | URL) => {
    if (String(input) !== METADATA.jwks_uri) return Response.json(metadata)
    asked += 1
    return keys()
  })
  return () => asked
}
const answer = async () => {
  const response = await GET()
  return [response.status, await response.json()]
}

beforeEach(() => {
  forgetProcessMemory('readiness', 'tenant-metadata')
  vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('GET /readyz', () => {
  it('warns that a sign-in came back without the second factor, until one comes back with it', async () => {
    tenant()
    await noteStepUp(services().store, { hasFactor: false })
    expect(await answer()).toEqual([200, { status: 'ready', warnings: ['step_up_without_factor'] }])
    forgetProcessMemory('step-up-warning')
    await noteStepUp(services().store, { hasFactor: true })
    expect(await answer()).toEqual([200, { status: 'ready' }])
  })

  it('is ready if the tenant gives its metadata and its keys', async () => {
    tenant()
    const response = await GET()
    expect([response.status, await response.json()]).toEqual([200, { status: 'ready' }])
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    ['does not answer', { keys: () => Promise.reject(new TypeError('fetch failed')) }],
    ['answers with an error', { keys: () => new Response('<html>', { status: 502 }) }],
    ['has no key', { keys: () => Response.json({ keys: [] }) }],
    ['is another one', { metadata: { ...METADATA, issuer: 'https://evil.example/' } }],
  ])('names the tenant, and nothing else, if it %s', async (_how, faults) => {
    tenant(faults)
    expect(await answer()).toEqual([503, { status: 'not_ready', down: ['tenant'] }])
  })

  it('waits for the tenant two seconds at most', async () => {
    tenant({ keys: () => new Promise(() => undefined) })
    const answered = answer()
    await vi.advanceTimersByTimeAsync(2_000)
    expect(await answered).toEqual([503, { status: 'not_ready', down: ['tenant'] }])
  })

  it('checks once in five seconds, however many requests come', async () => {
    const asked = tenant()
    await Promise.all(Array.from({ length: 20 }, answer))
    vi.advanceTimersByTime(4_900)
    await answer()
    expect(asked()).toBe(1)
    vi.advanceTimersByTime(200)
    await answer()
    expect(asked()).toBe(2)
  })
})
