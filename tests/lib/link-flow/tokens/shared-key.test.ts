import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { APP_ENVIRONMENT } from '../../../support/app-environment'

beforeEach(() => {
  vi.resetModules()
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const load = async () => (await import('@/lib/link-flow/tokens/shared-key')).sharedKey

describe('sharedKey', () => {
  it('is imported once, and cannot be read out again', async () => {
    const sharedKey = await load()
    const key = await sharedKey('current')
    expect(key).toMatchObject({ extractable: false, algorithm: { name: 'HMAC', hash: { name: 'SHA-256' } } })
    expect(await sharedKey('current')).toBe(key)
  })

  it('is not there under the name of a secret that is not configured', async () => {
    expect((await load())('previous')).toBeUndefined()
  })

  it('is another one for the previous secret', async () => {
    vi.stubEnv('SESSION_TOKEN_SHARED_SECRET_PREVIOUS', 'previous-shared-secret-0123456789abcdef')
    const sharedKey = await load()
    expect(await sharedKey('previous')).not.toBe(await sharedKey('current'))
  })
})
