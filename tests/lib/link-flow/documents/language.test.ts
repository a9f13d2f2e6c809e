import { parse } from 'node-html-parser'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { LinkingError } from '@/core/errors'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { Refusal } from '@/lib/link-flow/refusal'
import { en } from '@/lib/messages/en'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'
import { services } from '../../../support/process/services'

vi.mock('@/messages/languages', async () =>
  (await import('../../../support/builders/languages')).languagesOf('de', 'ar', 'zh-TW'),
)

beforeAll(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
})
afterAll(() => vi.unstubAllEnvs())

async function documentAt(path: string, init: RequestInit = {}, error: Error = new LinkingError('no_flow')) {
  const response = await errorResponse(services(), new Request(`http://localhost:3000${path}`, init), error)
  const page = parse(await response.text())
  const html = page.querySelector('html')
  return {
    page,
    spoken: [html?.getAttribute('lang'), html?.getAttribute('dir')],
    title: page.querySelector('h1')?.text,
    form: page.querySelector('footer form'),
    cookies: response.headers.getSetCookie(),
  }
}

describe('a linking document', () => {
  it.each<[string, Record<string, string>, string[], string]>([
    ['', {}, ['en', 'ltr'], ''],
    ['', { 'accept-language': 'zh-HK' }, ['zh-TW', 'ltr'], '[zh-TW] '],
    ['', { 'accept-language': 'ar-EG, de' }, ['ar', 'rtl'], '[ar] '],
    ['?lang=ar', { 'accept-language': 'de' }, ['ar', 'rtl'], '[ar] '],
    ['', { cookie: 'lang=de', 'accept-language': 'ar' }, ['de', 'ltr'], '[de] '],
    ['?lang=xx', { 'accept-language': 'de' }, ['de', 'ltr'], '[de] '],
  ])('at %j for %j has lang and dir %j and that title', async (query, headers, spoken, mark) => {
    const document = await documentAt(`/link/prompt${query}`, { headers })
    expect([document.spoken, document.title]).toEqual([spoken, mark + en.errors.no_flow.title])
  })

  it('offers its languages in a form without script, which keeps the flow', async () => {
    const { form: closed } = await documentAt('/link/prompt?flow=0123456789abcdef&lang=de')
    expect(closed?.querySelector('select')).toBeNull()
    const asks = closed
      ?.querySelectorAll('input, button')
      .map(({ attributes: { name, value } }) => [name, value])
    expect(asks).toEqual([
      ['flow', '0123456789abcdef'],
      ['languages', '1'],
    ])
    const { form } = await documentAt('/link/prompt?flow=0123456789abcdef&lang=de&languages=1')
    expect(form?.getAttribute('action')).toBeUndefined()
    expect(form?.getAttribute('method')).toBeUndefined()
    const hidden = form?.querySelectorAll('input').map(({ attributes: { name, value } }) => [name, value])
    expect(hidden).toEqual([['flow', '0123456789abcdef']])
    const options = form?.querySelectorAll('select[name=lang] option') ?? []
    expect(options.map(({ attributes: { value }, text }) => [value, text])).toEqual(
      expect.arrayContaining([
        ['ar', 'العربية'],
        ['en', 'English'],
      ]),
    )
    expect(options).toHaveLength(4)
    expect(options.filter(({ attributes }) => 'selected' in attributes).map(({ text }) => text)).toEqual([
      'Deutsch',
    ])
    expect(form?.querySelector('label select')).not.toBeNull()
    expect(form?.querySelector('button')?.text).toBe(`[de] ${en.languages.change}`)
  })

  it('stores the chosen language in a cookie, and sets none without a choice', async () => {
    expect((await documentAt('/link/prompt?lang=de')).cookies).toEqual([
      'lang=de; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax',
    ])
    expect((await documentAt('/link/prompt')).cookies).toEqual([])
    expect((await documentAt('/link/prompt?lang=xx')).cookies).toEqual([])
  })

  it.each<[string, string, RequestInit, Error]>([
    ['has a token in it', '/link?session_token=x&state=y', {}, new LinkingError('bad_token')],
    ['has a response of the tenant in it', '/link/callback?code=x&state=y', {}, new LinkingError('no_flow')],
    ['is a form post', '/link/prompt', { method: 'POST' }, new LinkingError('csrf')],
    ['can be shown only once', '/link/prompt', {}, new Refusal('no_flow', { isCookieless: true })],
  ])('has no language form if its URL or request %s', async (_what, path, init, error) => {
    expect((await documentAt(path, init, error)).form).toBeNull()
  })
})
