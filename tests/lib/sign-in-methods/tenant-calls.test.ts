import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ManagementApi } from '@/lib/auth0/management-api'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { services } from '../../support/process/page-services'
import { forgetProcessMemory } from '../../support/process/process-memory'

const calls = vi.fn<(request: Request) => Promise<Response>>()
beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    if (request.url.endsWith('/oauth/token'))
      return Response.json({ access_token: 'token', expires_in: 1000 })
    return calls(request)
  })
  calls.mockReset()
  forgetProcessMemory('management-token', 'cached')
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

describe('the calls of a change on the page', () => {
  it.each([
    ['a link', (api: ManagementApi) => api.linkIdentity('auth0|ann', { provider: 'github', user_id: '1' })],
    [
      'an unlink',
      (api: ManagementApi) => api.unlinkIdentity('auth0|ann', { provider: 'github', user_id: 'github|1' }),
    ],
    ['the removal of a user', (api: ManagementApi) => api.deleteUser('auth0|ann')],
  ])('reveal nothing of the response if the token is rejected twice: %s', async (_what, call) => {
    calls.mockImplementation(async () => Response.json({ message: 'canary' }, { status: 401 }))
    const error = await call(services().managementApi()).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ name: 'ManagementApiError', code: 'management_failed', status: 401 })
    expect(String(error) + JSON.stringify(error)).not.toContain('canary')
    expect(calls).toHaveBeenCalledTimes(2)
  })

  it('are not started after the time limit for all of them', async () => {
    const api = services().managementApi()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 8_001 })
    await expect(api.deleteUser('auth0|ann')).rejects.toMatchObject({ code: 'tenant_unreachable' })
    expect(calls).not.toHaveBeenCalled()
  })

  it('read five pages of connections at most', async () => {
    calls.mockImplementation(async () =>
      Response.json({ connections: [{ name: 'a', strategy: 'github' }], next: 'more' }),
    )
    expect(await services().managementApi().connectionsOf('linking')).toHaveLength(5)
  })
})
