import { ManagementClient } from 'auth0'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { rightsReader } from '@/operator/doctor/rights-reader'

afterEach(() => vi.unstubAllGlobals())

const tokenWith = (claims: object) =>
  ['{"alg":"none"}', JSON.stringify(claims), '']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.')

/** A reader of a tenant that answers each call with a status, and the calls it got. */
function readerOf(status: number, claims: object = {}) {
  const calls: string[] = []
  vi.stubGlobal('fetch', async (url: string, { method }: RequestInit) => {
    calls.push(`${method} ${url}`)
    return new Response(JSON.stringify([{ id: 'rol_1' }]), { status })
  })
  const token = tokenWith(claims)
  const api = new ManagementClient({ domain: 'tenant.example.com', token, maxRetries: 0, telemetry: false })
  return { rights: rightsReader({ api, token, origin: 'https://tenant.example.com' }), calls }
}

describe('rightsReader', () => {
  it('reads, and passes the query on unchanged', async () => {
    const { rights, calls } = readerOf(200)
    expect(await rights.call('GET', '/users/auth0%7Cann/roles?page=0')).toEqual([{ id: 'rol_1' }])
    expect(calls).toEqual(['GET https://tenant.example.com/api/v2/users/auth0%7Cann/roles?page=0'])
  })

  it.each(['POST', 'DELETE'] as const)('rejects a %s, and makes no call', async (method) => {
    const { rights, calls } = readerOf(200)
    await expect(rights.call(method, '/users/auth0%7Cann/roles', {})).rejects.toThrow(`no ${method}`)
    expect(calls).toEqual([])
  })

  it('rejects with the status, as the Action does, if a scope is missing, and with a code of the doctor otherwise', async () => {
    await expect(readerOf(403).rights.call('GET', '/roles')).rejects.toEqual({ status: 403 })
    await expect(readerOf(404).rights.call('GET', '/roles')).rejects.toMatchObject({
      code: 'management_failed',
    })
  })

  it('reads from the token whether all given scopes are granted, and assumes so if it names no scopes', async () => {
    const { rights } = readerOf(200, { scope: 'read:users read:roles' })
    expect(await rights.isGranted(['read:users', 'read:roles'])).toBe(true)
    expect(await rights.isGranted(['read:users', 'read:organizations'])).toBe(false)
    expect(await readerOf(200).rights.isGranted(['read:organizations'])).toBe(true)
  })
})
