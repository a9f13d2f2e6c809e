import { NextRequest } from 'next/server'
import { parse } from 'node-html-parser'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import RootLayout from '@/app/layout'
import { middleware } from '@/middleware'
import { APP_ENVIRONMENT } from '../support/process/app-environment'

vi.mock('@/messages/languages', async () =>
  (await import('../support/builders/languages')).languagesOf('de', 'ar'),
)
const page = vi.hoisted(() => ({ headers: new Headers() }))
vi.mock('next/headers', async (original) => ({
  ...(await original<typeof import('next/headers')>()),
  headers: async () => page.headers,
}))

const APP = 'http://localhost:3000'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterEach(() => vi.unstubAllEnvs())

/** Runs the middleware, and reads the root layout that is rendered with the query that the middleware passes on. */
async function frameOf(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await middleware(new NextRequest(APP + path, { headers, method }))
  page.headers = new Headers({ ...headers, 'x-page-query': '?lang=forged' })
  const query = response.headers.get('x-middleware-request-x-page-query')
  if (query !== null) page.headers.set('x-page-query', query)
  const html = parse(renderToStaticMarkup(await RootLayout({ children: 'The page' }))).querySelector('html')
  const fields = html?.querySelectorAll('.languages input') ?? []
  return {
    spoken: [html?.getAttribute('lang'), html?.getAttribute('dir')],
    chosen: html?.querySelector('.languages option[selected]')?.text,
    fields: fields.map(({ attributes: { name, value } }) => [name, value]),
    cookies: response.headers.getSetCookie(),
  }
}

describe('the frame of a page', () => {
  it.each<[string, Record<string, string>, string[]]>([
    ['/', {}, ['en', 'ltr']],
    ['/', { 'accept-language': 'de-AT' }, ['de', 'ltr']],
    ['/', { 'accept-language': 'de', cookie: 'lang=ar' }, ['ar', 'rtl']],
    ['/?lang=ar', { 'accept-language': 'de', cookie: 'lang=de' }, ['ar', 'rtl']],
    ['/?lang=xx', { 'accept-language': 'de' }, ['de', 'ltr']],
    ['/', { 'x-page-query': '?lang=ar' }, ['en', 'ltr']],
  ])('at %s with the headers %j has the language and direction %j', async (path, headers, spoken) => {
    expect((await frameOf(path, headers)).spoken).toEqual(spoken)
  })

  it('offers the languages, and keeps the other parameters of the address', async () => {
    const { chosen, fields } = await frameOf('/sign-in-failed?code=no_flow&lang=de')
    expect([chosen, fields]).toEqual(['Deutsch', [['code', 'no_flow']]])
  })

  it('stores a language that the person chose in a cookie', async () => {
    const kept = ['lang=de; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax']
    expect((await frameOf('/?lang=de', { 'sec-fetch-site': 'same-origin' })).cookies).toEqual(kept)
    for (const [path, headers, method] of [
      ['/', {}, 'GET'],
      ['/?lang=xx', {}, 'GET'],
      ['/?lang=de', { 'sec-fetch-site': 'cross-site' }, 'GET'],
      ['/?lang=de', { 'sec-purpose': 'prefetch' }, 'GET'],
      ['/?lang=de', { origin: APP, 'sec-fetch-site': 'same-origin' }, 'POST'],
    ] as const)
      expect((await frameOf(path, headers, method)).cookies).toEqual([])
  })

  it('stores the language with a redirect to the sign-in as well', async () => {
    const response = await middleware(new NextRequest(`${APP}/settings/connected-accounts?lang=de`))
    expect(response.headers.get('location')).toContain('/auth/login')
    expect(response.headers.getSetCookie()).toHaveLength(1)
  })
})
