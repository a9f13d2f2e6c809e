import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { assertSameOrigin } from '@/lib/http/same-origin'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { services } from '../../support/process/services'

beforeAll(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
})
afterAll(() => {
  vi.unstubAllEnvs()
})

const APP = 'http://localhost:3000'
const check = (headers: Record<string, string>) => () =>
  assertSameOrigin(services().appBaseUrl, new Request(`${APP}/link/finish`, { method: 'POST', headers }))

describe('assertSameOrigin', () => {
  it.each([
    ['our origin', { origin: APP }],
    ['our origin and sec-fetch-site same-origin', { origin: APP, 'sec-fetch-site': 'same-origin' }],
  ])('accepts %s', (_what, headers) => {
    expect(check(headers)).not.toThrow()
  })

  it.each<[string, Record<string, string>]>([
    ['a missing origin', {}],
    ['a null origin', { origin: 'null' }],
    ['another site', { origin: 'https://evil.test' }],
    ['our host with a suffix', { origin: `${APP}.evil.test` }],
    ['another port', { origin: 'http://localhost:3001' }],
    ['another spelling of this machine', { origin: 'http://127.0.0.1:3000' }],
    ['a forged host', { origin: 'https://evil.test', host: 'evil.test', 'x-forwarded-host': 'evil.test' }],
    ['only a referrer', { referer: `${APP}/link/prompt` }],
    ['sec-fetch-site cross-site', { origin: APP, 'sec-fetch-site': 'cross-site' }],
    ['sec-fetch-site same-site', { origin: APP, 'sec-fetch-site': 'same-site' }],
    ['sec-fetch-site none', { origin: APP, 'sec-fetch-site': 'none' }],
  ])('refuses %s', (_what, headers) => {
    expect(check(headers)).toThrow(expect.objectContaining({ code: 'csrf' }))
  })
})
