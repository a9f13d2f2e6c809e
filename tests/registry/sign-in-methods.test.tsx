import { redirect } from 'next/navigation'
import { parse } from 'node-html-parser'
import { renderToStaticMarkup } from 'react-dom/server'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { SignInMethods } from '@/registry/sign-in-methods/sign-in-methods'

const METHODS = [
  { provider: 'auth0', connection: 'db', label: 'Email and password', primary: true, linked_at: null },
  {
    ...{ provider: 'google-oauth2', connection: 'google-oauth2', label: 'Google <b>' },
    ...{ primary: false, linked_at: '2026-11-29T23:05:00.000Z' },
  },
]
const LIST = { methods: METHODS, manage_url: 'https://accounts.example.com/settings/connected-accounts' }

/** What a person sees if the service answers so. */
async function shown(answer: () => Response | Promise<Response>, getAccessToken = async () => 'token-1') {
  const asked = vi.fn(answer)
  vi.stubGlobal('fetch', asked)
  const element = await SignInMethods({
    getAccessToken,
    baseUrl: 'https://accounts.example.com',
    clientId: 'client-1',
    returnTo: 'https://app.example.com/menu?tab=a&x=1',
  })
  return { html: parse(renderToStaticMarkup(element)), asked }
}
afterEach(() => vi.unstubAllGlobals())

describe('SignInMethods', () => {
  it('lists the methods, the main one marked, the others with the day since when they are there', async () => {
    const { html, asked } = await shown(() => Response.json(LIST))
    expect(
      html.querySelectorAll('li').map((row) => row.querySelectorAll('span').map(({ text }) => text)),
    ).toEqual([
      ['Email and password', 'Main'],
      ['Google <b>', 'Since Nov 29, 2026'],
    ])
    expect(html.querySelector('time')?.getAttribute('datetime')).toBe('2026-11-29T23:05:00.000Z')
    expect(html.querySelector('b')).toBeNull()
    expect(asked).toHaveBeenCalledExactlyOnceWith(
      'https://accounts.example.com/api/sign-in-methods',
      expect.objectContaining({
        headers: { authorization: 'Bearer token-1' },
        cache: 'no-store',
        redirect: 'error',
      }),
    )
  })

  const rejects = () => Promise.reject(new TypeError('fetch failed'))
  it.each<[string, () => Response | Promise<Response>, (() => Promise<string>)?]>([
    ['the token is refused', () => Response.json({ error: 'invalid_token' }, { status: 401 })],
    ['there were too many calls', () => Response.json({ error: 'rate_limited' }, { status: 429 })],
    ['the service is in trouble', () => Response.json({ error: 'internal' }, { status: 500 })],
    ['the service cannot be reached', rejects],
    ['the answer is no JSON', () => new Response('<html>')],
    ['the answer is null', () => Response.json(null)],
    ['the answer is no list', () => Response.json({ methods: {} })],
    ['a method has no name', () => Response.json({ methods: [{ linked_at: null }] })],
    ['a date is none', () => Response.json({ methods: [{ label: 'a', linked_at: 'soon' }] })],
    ['the answer takes longer than two seconds', () => new Promise(() => undefined)],
    ['there is no token', () => Response.json(LIST), () => Promise.reject(new Error('no session'))],
    [
      'the token takes longer than two seconds',
      () => Response.json(LIST),
      () => new Promise(() => undefined),
    ],
  ])('shows the link alone if %s', async (_when, answer, getAccessToken) => {
    const begun = performance.now()
    const { html } = await shown(answer, getAccessToken)
    expect(performance.now() - begun).toBeLessThan(3_000)
    expect(html.querySelectorAll('li, ul')).toEqual([])
    expect(html.querySelectorAll('a').map(({ text }) => text)).toEqual(['Manage your sign-in methods'])
  })

  it('leads to the page, with a way back', async () => {
    const { html } = await shown(() => Response.json(LIST))
    const url = new URL(html.querySelector('a')?.getAttribute('href')?.replaceAll('&amp;', '&') ?? '')
    expect(url.origin + url.pathname).toBe('https://accounts.example.com/settings/connected-accounts')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: 'client-1',
      return_to: 'https://app.example.com/menu?tab=a&x=1',
    })
  })

  it('lets the application redirect instead of giving a token', async () => {
    const signIn = async (): Promise<string> => redirect('/auth/login')
    await expect(shown(() => Response.json(LIST), signIn)).rejects.toThrow('NEXT_REDIRECT')
  })
})
