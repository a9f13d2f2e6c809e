import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createBrands } from '@/lib/brand/brand'
import { servedImage } from '@/lib/brand/served-images'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { services } from '../../support/process/services'
import { PICTURES, picture, pngOf, startPictureServer } from './picture-server'

const server = await startPictureServer()
afterAll(() => server.close())

const NOTHING = { BRAND_NAME: '', BRAND_LOGO: '', BRAND_COLOR: '', SUPPORT_URL: '' }
const SCOPES = ['read:branding', 'read:tenant_settings', 'read:organizations', 'read:custom_domains']

/** The tenant's responses by path; any other path responds with 404. */
type Answers = Record<string, unknown>
const BRANDING = { colors: { primary: '#0b5d4e', page_background: '#fafafa' } }
const THEME = {
  colors: { primary_button: '#7a1f5c', primary_button_label: '#fff5fb' },
  page_background: { background_color: '#f0e6ec' },
}
const SETTINGS = {
  friendly_name: 'Tenant Ltd',
  support_url: 'https://tenant.example/help',
  enabled_locales: ['fr', 'en'],
}
const ORGANIZATION = {
  id: 'org_1',
  name: 'acme',
  display_name: 'Acme',
  branding: { colors: { primary: '#333399', page_background: '#ffffff' } },
}
const ALL: Answers = {
  '/branding': BRANDING,
  '/branding/themes/default': THEME,
  '/tenants/settings': SETTINGS,
  '/organizations/org_1': ORGANIZATION,
}

const fetched = vi.fn<(url: string, init?: RequestInit) => Promise<Response>>()
const logged = () =>
  vi.mocked(console.log).mock.calls.map(([line]) => {
    const { event, what, code } = JSON.parse(String(line))
    return [event, what, code]
  })
const pathsAsked = () => fetched.mock.calls.map(([url]) => new URL(url).pathname.replace('/api/v2', ''))

/** The brands of an installation whose tenant responds like this. */
function brands(answers: Answers, environment: Record<string, string> = NOTHING, scopes = SCOPES) {
  fetched.mockImplementation(async (url) => {
    const answer = answers[new URL(url).pathname.replace('/api/v2', '')]
    if (answer instanceof Function) return answer()
    return answer === undefined ? new Response('{}', { status: 404 }) : Response.json(answer)
  })
  const authorities = {
    server: () => ({
      origin: 'https://tenant.example',
      customDomain: undefined,
      token: async () => 'token',
      drop: async () => undefined,
    }),
    isGranted: async (scope: string) => scopes.includes(scope),
  }
  return createBrands({ ...services(environment), authorities }, server.network)
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  forgetProcessMemory('brand-kept', 'brand-served', 'memory-store')
  vi.stubGlobal('fetch', fetched.mockReset())
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('brandFor', () => {
  it("prefers the organization's branding to the theme, then the tenant's branding and settings", async () => {
    const { brandFor } = brands(ALL)
    expect(await brandFor({ organization: 'org_1' })).toMatchObject({
      name: 'Acme',
      colors: { light: { accent: '#333399', onAccent: '#ffffff', page: '#ffffff' } },
      supportUrl: 'https://tenant.example/help',
      enabledLocales: ['fr', 'en'],
    })
    expect(await brandFor()).toMatchObject({
      name: 'Tenant Ltd',
      colors: { light: { accent: '#7a1f5c', onAccent: '#fff5fb', page: '#f0e6ec' } },
    })
  })

  it("uses the tenant's branding if there is no theme", async () => {
    const { brandFor } = brands({ ...ALL, '/branding/themes/default': undefined })
    expect((await brandFor()).colors.light).toMatchObject({ accent: '#0b5d4e', page: '#fafafa' })
    expect(logged()).toEqual([])
  })

  it('prefers the environment to all of them', async () => {
    const { brandFor } = brands(ALL, { ...NOTHING, BRAND_NAME: 'Mine', BRAND_COLOR: '#112233' })
    expect(await brandFor({ organization: 'org_1' })).toMatchObject({
      name: 'Mine',
      colors: { light: { accent: '#112233', onAccent: '#ffffff' } },
      supportUrl: 'https://tenant.example/help',
    })
  })

  it('makes no request if the environment sets everything', async () => {
    const { brandFor } = brands(ALL, {})
    expect(await brandFor({ organization: 'org_1' })).toMatchObject({
      name: 'Example Inc',
      logo: { inline: expect.stringMatching(/^data:image\/gif/) },
      supportUrl: 'https://example.com/help',
    })
    expect(fetched).not.toHaveBeenCalled()
  })

  it('falls back to the login domain, the default color, and the page that starts a sign-in', async () => {
    const { brandFor } = brands({})
    expect(await brandFor()).toEqual({
      name: 'localhost:4400',
      logo: undefined,
      favicon: undefined,
      colors: expect.objectContaining({
        light: expect.objectContaining({ accent: '#1f4e79', page: undefined }),
      }),
      supportUrl: 'https://example.com/login',
      enabledLocales: [],
    })
  })

  it('uses the support email if there is no support page', async () => {
    const settings = { support_email: 'help@tenant.example' }
    const { brandFor } = brands({ '/tenants/settings': settings })
    expect((await brandFor()).supportUrl).toBe('mailto:help@tenant.example')
  })

  it('uses the metadata of a custom domain, if the domain is configured', async () => {
    const domains = [
      { domain: 'a.example', domain_metadata: { brand_name: 'A', brand_color: '#7a1f5c' } },
      { domain: 'b.example', domain_metadata: { brand_name: 'B', support_url: 'https://b.example/help' } },
      { domain: 'c.example', domain_metadata: { brand_name: 'C' } },
    ]
    const two = {
      ...NOTHING,
      AUTH0_DOMAIN: 'https://a.example,https://b.example',
      APP_BASE_URL: 'https://app.example',
    }
    const { brandFor } = brands({ ...ALL, '/custom-domains': domains }, two)
    expect(await brandFor({ host: 'b.example' })).toMatchObject({
      name: 'B',
      supportUrl: 'https://b.example/help',
    })
    expect(await brandFor({ host: 'a.example' })).toMatchObject({ name: 'A' })
    expect(await brandFor({ host: 'c.example' })).toMatchObject({ name: 'Tenant Ltd' })
    expect(await brandFor({ host: 'b.example', organization: 'org_1' })).toMatchObject({ name: 'Acme' })
  })

  it('logs nothing if the scope for custom domains is missing, because that scope is optional', async () => {
    const two = {
      ...NOTHING,
      AUTH0_DOMAIN: 'https://a.example,https://b.example',
      APP_BASE_URL: 'https://app.example',
    }
    const { brandFor } = brands(ALL, two, SCOPES.slice(0, 3))
    expect((await brandFor({ host: 'b.example' })).name).toBe('Tenant Ltd')
    expect([pathsAsked().includes('/custom-domains'), logged()]).toEqual([false, []])
  })

  it('does not request custom domains if only one domain is configured', async () => {
    await brands(ALL).brandFor({ host: 'localhost:4400' })
    expect(pathsAsked().sort()).toEqual(['/branding', '/branding/themes/default', '/tenants/settings'])
  })

  it.each(['.', '..', '../users', 'a/b', 'a?b', '%2e', 'ö', '', 'x'.repeat(65)])(
    'does not accept %j as an organization',
    async (organization) => {
      expect((await brands(ALL).brandFor({ organization })).name).toBe('Tenant Ltd')
      expect(pathsAsked().filter((path) => !(path in ALL))).toEqual([])
    },
  )

  it("makes no request if links are made with the person's own token", async () => {
    const all = { ...services(NOTHING), linkingAuthority: 'user' as const }
    expect((await createBrands(all, server.network).brandFor()).name).toBe('localhost:4400')
    expect(fetched).not.toHaveBeenCalled()
  })
})

describe('branding that cannot be read', () => {
  it.each<[string, unknown, string]>([
    ['refused', () => new Response('canary', { status: 403 }), 'status_403'],
    ['broken', () => new Response('canary', { status: 500 }), 'status_500'],
    ['no JSON', () => new Response('<html>canary'), 'malformed'],
    ['no object', () => Response.json('canary'), 'malformed'],
    ['nothing', () => Response.json(null), 'malformed'],
    ['a redirect', () => Promise.reject(new TypeError('canary')), 'unreachable'],
  ])('is omitted and logged once: %s', async (_how, answer, code) => {
    const { brandFor } = brands({ ...ALL, '/tenants/settings': answer })
    for (let page = 0; page < 3; page += 1) {
      expect(await brandFor()).toMatchObject({
        name: 'localhost:4400',
        colors: { light: { accent: '#7a1f5c' } },
      })
      vi.setSystemTime(Date.now() + 61_000)
    }
    expect(logged()).toEqual([['brand_unread', 'settings', code]])
  })

  it('ignores fields of the wrong type', async () => {
    const wrong = [7, null, [], {}, true, 'url(//a.example)']
    for (const value of wrong) {
      forgetProcessMemory('brand-kept')
      const { brandFor } = brands({
        '/branding': { logo_url: value, favicon_url: value, colors: value },
        '/branding/themes/default': {
          colors: { primary_button: value, primary_button_label: value },
          page_background: value,
          widget: { logo_url: value },
        },
        '/tenants/settings': {
          friendly_name: 'Kept',
          support_url: value,
          support_email: value,
          enabled_locales: value,
        },
        '/organizations/org_1': {
          name: value,
          display_name: value,
          branding: { colors: { primary: value } },
        },
      })
      expect(await brandFor({ organization: 'org_1' })).toMatchObject({
        name: typeof value === 'string' ? value : 'Kept',
        logo: undefined,
        colors: { light: { accent: '#1f4e79', page: undefined } },
        supportUrl: 'https://example.com/login',
      })
    }
  })

  it.each([
    ['a script', { support_url: 'javascript:alert(1)' }],
    ['a header', { support_email: 'a@example.com?bcc=b@example.com' }],
    ['two addresses', { support_email: 'a@example.com,b@example.com c@example.com' }],
  ])('is ignored if it is a support address with %s', async (_what, settings) => {
    expect((await brands({ '/tenants/settings': settings }).brandFor()).supportUrl).toBe(
      'https://example.com/login',
    )
  })

  it('is shortened if it is a name: 60 characters on one line, without invisible characters', async () => {
    const settings = { friendly_name: ` Te\u202en\u0000ant\n${'𝒜'.repeat(99)}` }
    const { name } = await brands({ '/tenants/settings': settings }).brandFor()
    expect(name).toBe(`Te n ant ${'𝒜'.repeat(51)}`)
  })

  it('is not requested without the scope, which is logged once', async () => {
    const { brandFor } = brands(ALL, NOTHING, ['read:tenant_settings'])
    for (let page = 0; page < 3; page += 1) {
      expect(await brandFor({ organization: 'org_1' })).toMatchObject({
        name: 'Tenant Ltd',
        colors: { light: { accent: '#1f4e79' } },
      })
    }
    expect(pathsAsked()).toEqual(['/tenants/settings'])
    expect(logged().map(([event, , code]) => [event, code])).toEqual([
      ['brand_unread', 'no_scope_read:organizations'],
      ['brand_unread', 'no_scope_read:branding'],
    ])
  })

  it('delays a page for one second at most, and is there for the next page', async () => {
    const settings = vi.fn(async () => {
      await sleep(1_200)
      return Response.json(SETTINGS)
    })
    const { brandFor } = brands({ ...ALL, '/tenants/settings': settings })
    const begun = performance.now()
    expect((await brandFor()).name).toBe('localhost:4400')
    expect(performance.now() - begun).toBeLessThan(1_150)
    await sleep(400)
    expect((await brandFor()).name).toBe('Tenant Ltd')
    expect(settings).toHaveBeenCalledOnce()
  })
})

describe('the cache of brands', () => {
  it('reads once for simultaneous callers, and again after ten minutes', async () => {
    const { brandFor } = brands(ALL)
    await Promise.all([brandFor(), brandFor(), brandFor()])
    vi.setSystemTime(Date.now() + 599_000)
    await brandFor()
    expect(fetched).toHaveBeenCalledTimes(3)
    vi.setSystemTime(Date.now() + 2_000)
    await brandFor()
    await vi.waitFor(() => expect(fetched).toHaveBeenCalledTimes(6))
  })

  it('returns the old value during a renewal, without waiting', async () => {
    const before = brands(ALL)
    await before.brandFor()
    vi.setSystemTime(Date.now() + 601_000)
    let answer = (_response: Response) => {}
    const late = () =>
      new Promise<Response>((resolve) => {
        answer = resolve
      })
    const { brandFor } = brands({ ...ALL, '/tenants/settings': late })
    const begun = performance.now()
    for (let page = 0; page < 3; page += 1) expect((await brandFor()).name).toBe('Tenant Ltd')
    expect(performance.now() - begun).toBeLessThan(500)
    answer(Response.json({ friendly_name: 'Renamed' }))
    await vi.waitFor(async () => expect((await brandFor()).name).toBe('Renamed'))
    expect(pathsAsked().filter((path) => path === '/tenants/settings')).toHaveLength(2)
  })

  it('keeps the old value if a renewal fails, and retries a minute later', async () => {
    await brands(ALL).brandFor()
    vi.setSystemTime(Date.now() + 601_000)
    const { brandFor } = brands({ ...ALL, '/tenants/settings': () => new Response('', { status: 503 }) })
    await brandFor()
    await vi.waitFor(() => expect(logged()).toEqual([['brand_unread', 'settings', 'status_503']]))
    vi.setSystemTime(Date.now() + 59_000)
    expect((await brandFor()).name).toBe('Tenant Ltd')
    expect(fetched).toHaveBeenCalledTimes(6)
    vi.setSystemTime(Date.now() + 2_000)
    expect((await brandFor()).name).toBe('Tenant Ltd')
    await vi.waitFor(() => expect(fetched).toHaveBeenCalledTimes(7))
  })

  it('holds 200 entries at most', async () => {
    const { brandFor } = brands({})
    for (let index = 0; index < 250; index += 1) await brandFor({ organization: `org_${index}` })
    const kept = (globalThis as { [key: symbol]: Map<string, unknown> })[
      Symbol.for('account-linking.brand-kept')
    ]
    expect(kept?.size).toBe(200)
  })
})

describe('a brand that must not wait for a read', () => {
  it('contains what the environment sets and what was read before', async () => {
    const { atHand, brandFor } = brands(ALL)
    expect(atHand()).toMatchObject({ name: 'localhost:4400', enabledLocales: [] })
    expect(pathsAsked()).toEqual([])
    const read = await brandFor()
    const asked = pathsAsked().length
    expect(asked).toBeGreaterThan(0)
    expect(atHand()).toEqual(read)
    expect(pathsAsked()).toHaveLength(asked)
  })

  it('is returned immediately, and missing parts are read in the background', async () => {
    const { known } = brands(ALL)
    expect(known()).toMatchObject({ name: 'localhost:4400', supportUrl: 'https://example.com/login' })
    await vi.waitFor(() =>
      expect(known()).toMatchObject({ name: 'Tenant Ltd', supportUrl: 'https://tenant.example/help' }),
    )
    expect(fetched).toHaveBeenCalledTimes(3)
  })
})

describe('the logo and the favicon', () => {
  const withLogo = (logo_url: string) =>
    brands({ '/branding': { logo_url, favicon_url: `${logo_url}-icon` } })

  it('are inlined if they are small', async () => {
    server.answer(picture('image/png'))
    const uri = `data:image/png;base64,${PICTURES['image/png']?.toString('base64')}`
    const brand = await withLogo(`${server.origin}/small`).brandFor()
    expect(brand).toMatchObject({ logo: { inline: uri, src: uri }, favicon: { inline: uri, src: uri } })
  })

  it('are inlined up to 4,096 characters', async () => {
    const prefix = 'data:image/png;base64,'.length
    const most = Math.floor((4_096 - prefix) / 4) * 3
    for (const [size, isInline] of [
      [most, true],
      [most + 1, false],
    ] as const) {
      forgetProcessMemory('brand-kept')
      server.answer(picture('image/png', pngOf(size)))
      const { logo } = await withLogo(`${server.origin}/large`).brandFor()
      expect(logo?.inline !== undefined).toBe(isInline)
    }
  })

  it('are served by hash if they are larger, also from the shared store, and nothing else is served', async () => {
    server.answer(picture('image/png', pngOf(50_000)))
    const { logo } = await withLogo(`${server.origin}/large`).brandFor()
    expect(logo).toEqual({ inline: undefined, src: expect.stringMatching(/^\/brand\/logo-[0-9a-f]{32}$/) })
    const file = logo?.src.slice('/brand/'.length) ?? ''
    expect(await servedImage(services(), file)).toEqual({ type: 'image/png', bytes: pngOf(50_000) })
    forgetProcessMemory('brand-served')
    expect(await servedImage(services(), file)).toEqual({ type: 'image/png', bytes: pngOf(50_000) })
    for (const other of [
      `logo-${'0'.repeat(32)}`,
      file.slice(0, -1),
      `${file}0`,
      file.toUpperCase(),
      '../x',
      '',
    ])
      expect(await servedImage(services(), other)).toBeUndefined()
    const { store, sealer } = services()
    const get = vi.spyOn(store, 'get')
    await servedImage({ store, sealer }, `logo-${'0'.repeat(5_000)}`)
    expect(get).not.toHaveBeenCalled()
  })

  it('are from the first source that has one, the environment first', async () => {
    server.answer(picture('image/png'))
    const answers = {
      '/organizations/org_1': { branding: { logo_url: `${server.origin}/of-organization` } },
      '/branding/themes/default': { widget: { logo_url: `${server.origin}/of-theme` } },
      '/branding': { logo_url: `${server.origin}/of-branding` },
      '/tenants/settings': { picture_url: `${server.origin}/of-settings` },
    }
    const { brandFor } = brands(answers)
    await brandFor({ organization: 'org_1' })
    await brandFor()
    expect(server.asked).toEqual(['/of-organization', '/of-theme'])
    const own = { ...NOTHING, BRAND_LOGO: 'data:image/gif;base64,R0lGODlhAQABAAAAADs=' }
    expect((await brands(answers, own).brandFor()).logo?.inline).toBe(own.BRAND_LOGO)
    expect(server.asked).toHaveLength(2)
  })

  it('are omitted if the download fails, which is logged once and retried once a minute', async () => {
    server.answer((_request, response) => response.writeHead(302, { location: 'https://a.example/' }).end())
    const { brandFor } = brands({
      '/branding': { logo_url: `${server.origin}/moved` },
      '/tenants/settings': SETTINGS,
    })
    for (let page = 0; page < 3; page += 1)
      expect(await brandFor()).toMatchObject({ name: 'Tenant Ltd', logo: undefined })
    expect([logged(), server.asked]).toEqual([[['brand_unread', 'logo', 'status']], ['/moved']])
  })

  it('are downloaded once in ten minutes', async () => {
    server.answer(picture('image/png'))
    const { brandFor } = withLogo(`${server.origin}/small`)
    await Promise.all([brandFor(), brandFor()])
    vi.setSystemTime(Date.now() + 599_000)
    await brandFor()
    expect(server.asked.sort()).toEqual(['/small', '/small-icon'])
  })
})
