import { parse } from 'node-html-parser'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { LinkingError } from '@/core/errors'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { Refusal, type ResumeLogin } from '@/lib/link-flow/refusal'
import { verifyResponseToken } from '@/lib/link-flow/tokens/verify-response-token'
import { en } from '@/lib/messages/en'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'
import { services } from '../../../support/process/services'

let logged: string[] = []

beforeAll(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})
beforeEach(() => {
  logged = []
  vi.spyOn(console, 'log').mockImplementation((line: string) => void logged.push(line))
})
afterAll(() => {
  vi.unstubAllEnvs()
})

const REQUEST = new Request('http://localhost:3000/link')
const WAY_ON: ResumeLogin = {
  sub: 'google-oauth2|1',
  state: '"><script>alert(1)</script>',
  transactionId: 'txn',
  key: 'current',
  domain: 'localhost:4401',
  uiLocales: undefined,
}
async function pageOf(error: unknown) {
  const response = await errorResponse(services(), REQUEST, error)
  return { response, page: parse(await response.text()) }
}

describe('errorResponse', () => {
  it.each(Object.entries(en.errors))('states for %s what happened and what to do', async (code, words) => {
    const { response, page } = await pageOf(new LinkingError(code as keyof typeof en.errors))
    expect(page.querySelector('main')?.getAttribute('data-error')).toBe(code)
    expect(page.querySelectorAll('h1').map((heading) => heading.text)).toEqual([words.title])
    expect(page.text).toContain(words.what)
    expect(page.text).toContain(words.next)
    expect(response.status).toBeGreaterThanOrEqual(400)
  })

  it.each([
    [new Refusal('rate_limited', { retryAfter: 42 }), 429, '42'],
    [new LinkingError('store_unavailable'), 503, '5'],
    [new LinkingError('tenant_unreachable'), 503, '5'],
    [new LinkingError('bad_token'), 400, null],
  ])('contains when to retry, if that helps: %s', async (error, status, retryAfter) => {
    const { response } = await pageOf(error)
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, retryAfter])
  })

  it('links to a new sign-in and to help if it has no flow to continue', async () => {
    const { response, page } = await pageOf(new LinkingError('bad_token'))
    const links = page.querySelectorAll('a').map((link) => link.getAttribute('href'))
    expect(links).toEqual(['https://example.com/login', 'https://example.com/help'])
    expect(page.querySelectorAll('form')).toEqual([])
    expect(response.headers.get('content-security-policy')).toContain("form-action 'self'")
  })

  it('contains a signed response token if the session token was genuine, so that the login can continue', async () => {
    const { response, page } = await pageOf(
      new Refusal('expired', { resume: WAY_ON, cookies: ['a=; Max-Age=0'] }),
    )
    const form = page.querySelector('form')
    const field = (name: string) => form?.querySelector(`input[name=${name}]`)?.getAttribute('value')
    expect([form?.getAttribute('method'), form?.getAttribute('action')]).toEqual(['post', '/link/finish'])
    expect(field('domain')).toBe('localhost:4401')
    expect((await verifyResponseToken(services(), field('session_token') ?? ''))?.claims).toMatchObject({
      sub: 'google-oauth2|1',
      state: WAY_ON.state,
      transactionId: 'txn',
      result: 'failed',
      primary: undefined,
    })
    expect(page.querySelectorAll('script')).toEqual([])
    expect(response.headers.getSetCookie()).toEqual(['a=; Max-Age=0'])
    expect(response.headers.get('content-security-policy')).not.toContain('form-action')
  })

  it('logs the application and the connection of the failed sign-in', async () => {
    const place = { client_id: 'shop', connection: 'github' }
    await pageOf(new Refusal('expired', { resume: { ...WAY_ON, place } }))
    expect(JSON.parse(logged.at(-1) ?? '')).toMatchObject({ event: 'refused', ...place })
  })

  it('logs the reference number that it shows, and no text of the error', async () => {
    const { page } = await pageOf(new Error('canary\nann@example.com'))
    const shown = page.querySelector('main')?.text.match(/Reference number: (\S+)$/)?.[1]
    const [line = ''] = logged
    expect(shown).toMatch(/^[2-9A-Z]{8}$/)
    expect(JSON.parse(line)).toMatchObject({
      event: 'refused',
      code: 'internal',
      request: shown,
      cause: 'Error',
    })
    expect(line + page.text).not.toContain('canary')
  })
})
