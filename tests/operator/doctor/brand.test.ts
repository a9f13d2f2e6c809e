import { afterEach, describe, expect, it, vi } from 'vitest'
import { readBrandFacts } from '@/operator/doctor/brand'
import { testConfig } from '../../support/process/services'

const SCOPES = ['read:branding', 'read:tenant_settings', 'read:organizations']
const NOTHING = { BRAND_NAME: '', BRAND_LOGO: '', BRAND_COLOR: '', SUPPORT_URL: '' }

/** Reads the brand of a tenant that gives these answers by API path, and 404 for every other path. */
function factsWith(answers: Record<string, () => Response>, scopes = SCOPES, environment = NOTHING) {
  const fetched = vi.fn(async (url: string) => {
    const answer = answers[new URL(url).pathname.replace('/api/v2', '')]
    return answer?.() ?? new Response('{}', { status: 404 })
  })
  vi.stubGlobal('fetch', fetched)
  const access = { origin: 'https://tenant.example', token: 'token', scopes }
  return readBrandFacts(testConfig(environment), access)
}

afterEach(() => vi.unstubAllGlobals())

describe('readBrandFacts', () => {
  it('reports nothing if the brand can be read and no color needs a correction', async () => {
    expect(await factsWith({})).toEqual({ unread: [], corrections: [] })
  })

  it('returns undefined if the environment sets the whole brand', async () => {
    expect(await factsWith({}, [], {} as typeof NOTHING)).toBeUndefined()
  })

  it("returns undefined if the person's own token links, because it may not read the brand", async () => {
    const environment = { ...NOTHING, LINKING_AUTHORITY: 'user', CONNECT_CONNECTIONS: 'github' }
    expect(await factsWith({}, [], environment)).toBeUndefined()
  })

  it('names each missing scope, and makes no call that needs one', async () => {
    expect((await factsWith({}, []))?.unread).toEqual([
      { what: 'organization', code: 'no_scope_read:organizations' },
      { what: 'theme', code: 'no_scope_read:branding' },
      { what: 'branding', code: 'no_scope_read:branding' },
      { what: 'settings', code: 'no_scope_read:tenant_settings' },
    ])
    expect(fetch).not.toHaveBeenCalled()
  })

  it('names what the tenant fails to return, and each logo that the service refuses', async () => {
    const branding = { logo_url: 'http://tenant.example/logo.png', favicon_url: 'https://127.0.0.1/icon.png' }
    const facts = await factsWith({
      '/branding': () => Response.json(branding),
      '/tenants/settings': () => new Response('', { status: 500 }),
    })
    expect(facts?.unread).toEqual([
      { what: 'settings', code: 'status_500' },
      { what: 'logo', code: 'not_https' },
      { what: 'favicon', code: 'address_refused' },
    ])
  })

  it('names the colors that pages correct; the environment takes precedence over the tenant', async () => {
    const branding = () => Response.json({ colors: { primary: '#ffd400', page_background: '#ffffff' } })
    const yellow = expect.objectContaining({ of: 'accent', from: '#ffd400' })
    expect((await factsWith({ '/branding': branding }))?.corrections).toEqual([yellow])
    const own = { ...NOTHING, BRAND_COLOR: '#1f4e79' }
    expect((await factsWith({ '/branding': branding }, SCOPES, own))?.corrections).toEqual([])
  })
})
