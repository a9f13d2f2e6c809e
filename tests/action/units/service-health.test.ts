import { describe, expect, it } from 'vitest'
import { isServiceReady } from '@/action/service-health'
import { readSettings } from '@/action/settings'
import { anActionPlatform, NOW, SECRETS } from '../../support/action/platform'

const platform = anActionPlatform()
const CHECK = 'GET https://app.example/healthz'
const KEY = 'account_linking_health'

async function ask(deadline = (NOW + 60) * 1_000) {
  const settings = readSettings(SECRETS)
  if (!settings) throw new Error('no settings')
  return isServiceReady(settings, platform.api.cache, deadline)
}

describe('isServiceReady', () => {
  it('checks the service within a second, and caches the result for 30 s', async () => {
    expect(await ask()).toBe(true)
    expect(platform.names()).toEqual([CHECK])
    expect(platform.limits).toEqual([1_000])
    expect([...platform.cache]).toEqual([[KEY, { value: 'true', ttl: 30_000 }]])
    expect(await ask()).toBe(true)
    expect(platform.names()).toEqual([CHECK])
  })

  it.each<[string, () => Response | Promise<Response>]>([
    ['offers nothing', () => Response.json({ offer: false })],
    ['sends no "offer"', () => Response.json({})],
    ['sends "offer" as text', () => Response.json({ offer: 'true' })],
    ['responds with null', () => Response.json(null)],
    ['responds with an HTML page', () => new Response('<html>')],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed'))],
  ])('is false, and caches that, if the service %s', async (_what, answering) => {
    platform.fault(/healthz/, answering, 1)
    expect(await ask()).toBe(false)
    expect([...platform.cache]).toEqual([[KEY, { value: 'false', ttl: 30_000 }]])
    expect(await ask()).toBe(false)
    expect(platform.names()).toEqual([CHECK])
  })

  it('waits only until the deadline', async () => {
    expect(await ask(NOW * 1_000 + 400)).toBe(true)
    expect(platform.limits).toEqual([400])
  })
})
