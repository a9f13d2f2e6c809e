import { describe, expect, it } from 'vitest'
import { type ApplicationClient, parseApplicationClient } from '@/lib/way-back/application-client'
import { decideWayBack } from '@/lib/way-back/decide-way-back'
import corpus from '../../campaigns/attack/lists/ways-back.json'

const LOCAL = 'http://localhost:3000'
const PUBLIC = 'https://app.example.com'
const SHOP = { client_id: 'shop', ...corpus.client }

function client(fields: Record<string, unknown> = {}): ApplicationClient {
  const parsed = parseApplicationClient({ ...SHOP, ...fields })
  if (!parsed) throw new Error('no application')
  return parsed
}

describe('decideWayBack', () => {
  it('is tested with at least 60 different URLs that are ignored', () => {
    const payloads = corpus.ignored.map(({ payload }) => payload)
    expect(new Set(payloads).size).toBe(payloads.length)
    expect(payloads.length).toBeGreaterThanOrEqual(60)
  })

  it.each(corpus.ignored)('ignores $payload: $reason', ({ payload, reason }) => {
    expect(decideWayBack(payload, client(), LOCAL)).toEqual({ ignored: reason })
  })

  it.each(corpus.shown)('shows $payload', ({ payload, href }) => {
    expect(decideWayBack(payload, client(), LOCAL)).toEqual({ href })
  })

  it.each([
    ['https://localhost:3000', { href: 'http://127.0.0.1:4402/' }],
    ['http://127.0.0.1:3000', { href: 'http://127.0.0.1:4402/' }],
    [PUBLIC, { ignored: 'plain_http' }],
    ['https://localhost.example.com', { ignored: 'plain_http' }],
  ])('allows plain http on this machine only if the service is there, too: %s', (appBaseUrl, decision) => {
    expect(decideWayBack('http://127.0.0.1:4402/', client(), appBaseUrl)).toEqual(decision)
  })

  it.each([
    ...['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///x', 'blob:https://shop.example/0'],
    ...['filesystem:https://shop.example/x', 'about:blank', 'intent://shop.example/x'],
  ])('never allows %s, even if it is registered', (address) => {
    expect(decideWayBack(address, client({ callbacks: [address] }), LOCAL)).toEqual({ ignored: 'scheme' })
  })

  it.each([
    [{ is_first_party: false }, 'not_first_party'],
    [{ is_first_party: undefined }, 'not_first_party'],
    [{ global: true }, 'not_first_party'],
    [{ app_type: 'non_interactive' }, 'signs_no_one_in'],
    [{ app_type: 'resource_server' }, 'signs_no_one_in'],
    [{ grant_types: ['client_credentials'] }, 'signs_no_one_in'],
    [{ grant_types: undefined }, 'signs_no_one_in'],
  ])('allows no application with %j', (fields, ignored) => {
    expect(decideWayBack('https://shop.example/', client(fields), LOCAL)).toEqual({ ignored })
  })

  it.each(['callbacks', 'allowed_logout_urls', 'web_origins', 'initiate_login_uri'])(
    'accepts the origins of %s, and no others',
    (field) => {
      const none = { callbacks: [], allowed_logout_urls: [], web_origins: [], initiate_login_uri: undefined }
      const address = 'https://only.example/x'
      const registered = field === 'initiate_login_uri' ? address : [address]
      const go = (fields: Record<string, unknown>) =>
        decideWayBack('https://only.example/y', client(fields), PUBLIC)
      expect(go({ ...none, [field]: registered })).toEqual({ href: 'https://only.example/y' })
      expect(
        go({ ...none, allowed_origins: [address], client_aliases: [address], logo_uri: address }),
      ).toEqual({
        ignored: 'unregistered',
      })
    },
  )
})
