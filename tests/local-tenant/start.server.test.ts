import { existsSync, readFileSync } from 'node:fs'
import { get } from 'node:https'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startTenant } from '@/local-tenant/start'

const OPTIONS = {
  appHost: 'localhost',
  appPort: 3000,
  tenantPort: 0,
  tenantTlsPort: 0,
  otherPort: 0,
  actions: [],
}

afterEach(() => vi.unstubAllEnvs())

describe('startTenant', () => {
  it('does not start in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    await expect(startTenant(OPTIONS)).rejects.toThrow('NODE_ENV=production')
  })

  it('names a port that is taken', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await expect(startTenant({ ...OPTIONS, tenantPort: port })).rejects.toThrow(String(port))
    server.close()
  })

  it.each([
    ['secrets', { secrets: { NUMBER: 1 as unknown as string } }, 'The secrets cannot be used'],
    ['a world', { world: { people: [] } as object }, 'The world cannot be used'],
  ])('refuses %s that are not valid', async (_what, options, message) => {
    await expect(startTenant({ ...OPTIONS, ...options })).rejects.toThrow(message)
  })

  it('serves the canonical door under its own issuer, to clients that trust its authority', async () => {
    const tenant = await startTenant(OPTIONS)
    const url = `${tenant.canonicalOrigin}/.well-known/openid-configuration`
    const answer = await new Promise<string>((resolve, reject) => {
      get(url, { ca: readFileSync(tenant.caFile) }, (response) => text(response).then(resolve)).on(
        'error',
        reject,
      )
    })
    expect(JSON.parse(answer)).toMatchObject({
      issuer: `${tenant.canonicalOrigin}/`,
      jwks_uri: `${tenant.canonicalOrigin}/.well-known/jwks.json`,
    })
    await expect(fetch(url)).rejects.toThrow()
    await tenant.close()
  })

  it('answers at both loopback addresses, and leaves nothing behind', async () => {
    const tenant = await startTenant(OPTIONS)
    const { port } = new URL(tenant.loginOrigin)
    for (const host of ['127.0.0.1', 'localhost']) {
      const response = await fetch(`http://${host}:${port}/.well-known/openid-configuration`)
      expect((await response.json()).issuer).toBe(`${tenant.loginOrigin}/`)
    }
    expect(existsSync(tenant.caFile)).toBe(true)
    await tenant.close()
    expect(existsSync(tenant.caFile)).toBe(false)
    await expect(fetch(tenant.loginOrigin)).rejects.toThrow()
  })
})
