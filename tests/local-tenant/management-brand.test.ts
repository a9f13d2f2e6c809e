import { describe, expect, it } from 'vitest'
import { World } from '@/local-tenant/world/world'
import { aManagementApi } from '../support/tenant/management-calls'

const WORLD = {
  branding: {
    logo_url: 'https://cdn.example.com/logo.png',
    favicon_url: 'https://cdn.example.com/icon.png',
    colors: { primary: '#123456', page_background: '#fafafa' },
  },
  theme: { colors: { primary_button: '#654321' }, widget: { logo_url: 'https://cdn.example.com/theme.png' } },
  settings: {
    friendly_name: 'Example Ltd',
    picture_url: 'https://cdn.example.com/picture.png',
    support_url: 'https://example.com/help',
    support_email: 'help@example.com',
    enabled_locales: ['en', 'fr'],
  },
  custom_domains: [{ domain: 'login.example.com', domain_metadata: { brand_name: 'Login' } }],
  organizations: [
    { name: 'acme', display_name: 'Acme', branding: { colors: { primary: '#333399' } } },
    { name: 'other', id: 'org_other' },
  ],
}

const { call, state } = await aManagementApi(WORLD)
const get = (path: string, scope: string) => call('GET', `/api/v2${path}`, { scope })
const acme = () => state.brand.organizations[0]?.id ?? ''

describe('the brand of a tenant', () => {
  it('is the one that the world defines', async () => {
    expect((await get('/branding', 'read:branding')).body).toEqual(WORLD.branding)
    expect((await get('/tenants/settings', 'read:tenant_settings')).body).toMatchObject(WORLD.settings)
    expect((await get('/branding/themes/default', 'read:branding')).body).toMatchObject({
      themeId: expect.any(String),
      colors: { primary_button: '#654321', primary_button_label: '#ffffff' },
      page_background: { background_color: '#000000' },
      widget: { logo_url: 'https://cdn.example.com/theme.png', logo_position: 'center' },
    })
    expect((await get('/custom-domains', 'read:custom_domains')).body).toMatchObject([
      {
        domain: 'login.example.com',
        primary: true,
        status: 'ready',
        domain_metadata: { brand_name: 'Login' },
      },
    ])
  })

  it('has the selected settings if a caller selects some', async () => {
    const { body } = await get(
      '/tenants/settings?fields=friendly_name&include_fields=true',
      'read:tenant_settings',
    )
    expect(body).toEqual({ friendly_name: 'Example Ltd' })
  })

  it('has organizations with ids, found by id', async () => {
    expect(acme()).toMatch(/^org_[0-9a-f]{16}$/)
    expect((await get(`/organizations/${acme()}`, 'read:organizations')).body).toEqual({
      id: acme(),
      name: 'acme',
      display_name: 'Acme',
      branding: { colors: { primary: '#333399' } },
    })
    expect((await get('/organizations/org_other', 'read:organizations')).body).toEqual({
      id: 'org_other',
      name: 'other',
      display_name: 'other',
    })
    expect(await get('/organizations/acme', 'read:organizations')).toMatchObject({
      status: 404,
      body: { errorCode: 'inexistent_organization' },
    })
  })

  it.each([
    ['/branding', 'read:branding'],
    ['/branding/themes/default', 'read:branding'],
    ['/tenants/settings', 'read:tenant_settings'],
    ['/custom-domains', 'read:custom_domains'],
    ['/organizations/org_other', 'read:organizations'],
  ])('is shown at %s with %s only', async (path, scope) => {
    expect((await get(path, scope)).status).toBe(200)
    const refused = await get(path, 'read:users')
    expect([refused.status, refused.body.message]).toEqual([403, expect.stringContaining(scope)])
  })

  it('is exported as a world that restores it', async () => {
    const { body } = await call('GET', '/_tenant/world')
    expect(body).toMatchObject({ ...WORLD, organizations: [{ ...WORLD.organizations[0], id: acme() }, {}] })
    const again = await aManagementApi(World.parse(body))
    expect(again.state.brand).toEqual(state.brand)
  })

  it('is that of the demo after a reset without a brand: no theme, one organization', async () => {
    const demo = await aManagementApi()
    const read = (path: string, scope: string) => demo.call('GET', `/api/v2${path}`, { scope })
    expect((await read('/tenants/settings', 'read:tenant_settings')).body).toMatchObject({
      friendly_name: 'Local Company',
    })
    expect((await read('/branding', 'read:branding')).body.colors.primary).toBe('#1f4e79')
    expect((await read('/branding/themes/default', 'read:branding')).status).toBe(404)
    await demo.call('POST', '/_tenant/reset', { body: WORLD })
    expect((await read('/branding', 'read:branding')).body).toEqual(WORLD.branding)
    await demo.call('POST', '/_tenant/reset')
    expect(demo.state.brand.organizations).toMatchObject([{ name: 'acme', display_name: 'Acme' }])
  })
})
