import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { connectionNames } from '@/lib/auth0/connection-names'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { configure, services } from '../../support/process/services'

/** Services whose authority is at a tenant of its own. */
const withAuthority = () => ({
  ...services(),
  authorities: {
    server: () => ({
      origin: 'https://tenant.example',
      customDomain: undefined,
      token: async () => 'token',
      drop: async () => undefined,
    }),
  },
})
const fetched = vi.fn<(url: string, init: RequestInit) => Promise<Response>>()
const ACME = { id: 'con_1', name: 'acme', strategy: 'samlp', display_name: 'Acme' }

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  forgetProcessMemory('cached')
  vi.stubGlobal('fetch', fetched)
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  fetched.mockReset()
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
})

describe('connectionNames', () => {
  it("are those of the linking client, read once in ten minutes with the service's own token", async () => {
    const vault = { ...ACME, name: 'vault', authentication: { active: false } }
    fetched.mockResolvedValue(Response.json({ connections: [ACME, vault] }))
    for (let view = 0; view < 2; view += 1)
      expect(await connectionNames(withAuthority())).toEqual([
        { name: 'acme', strategy: 'samlp', displayName: 'Acme' },
      ])
    expect(fetched.mock.calls.map(([url]) => url)).toEqual([
      'https://tenant.example/api/v2/clients/linking/connections?take=100',
    ])
    expect(fetched.mock.calls[0]?.[1]?.headers).toEqual({ authorization: 'Bearer token' })
  })

  it.each<[string, () => Promise<Response>]>([
    ['refused', async () => new Response('canary', { status: 403 })],
    ['answered with other JSON', async () => Response.json({ canary: 1 })],
    ['not answered', () => Promise.reject(new TypeError('canary'))],
  ])('are empty if the request is %s, and are not requested again for each view', async (_how, answer) => {
    fetched.mockImplementation(answer)
    for (let view = 0; view < 3; view += 1) expect(await connectionNames(withAuthority())).toEqual([])
    expect(fetched).toHaveBeenCalledOnce()
    expect(JSON.stringify(vi.mocked(console.log).mock.calls)).not.toContain('canary')
  })

  it('make no page wait for a slow response, and are there for the next page', async () => {
    let answer = (_response: Response) => {}
    fetched.mockReturnValue(
      new Promise((resolve) => {
        answer = resolve
      }),
    )
    expect(await connectionNames(withAuthority())).toEqual([])
    answer(Response.json({ connections: [ACME] }))
    expect(await connectionNames(withAuthority())).toHaveLength(1)
    expect(fetched).toHaveBeenCalledOnce()
  })

  it("are not requested if links are made with the person's own token", async () => {
    configure({ linkingAuthority: 'user' })
    expect(await connectionNames(withAuthority())).toEqual([])
    expect(fetched).not.toHaveBeenCalled()
  })
})
