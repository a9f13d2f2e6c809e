import { describe, expect, it, vi } from 'vitest'
import { hash12, NEVER, pairKey } from '@/core'
import { declineSuggestion, takeBackDecline } from '@/lib/sign-in-methods/connect/declines'
import { memoryStore } from '@/lib/store/memory-store'
import { services } from '../../../support/process/page-services'
import { aSession, now } from '../a-session'
import { atTenant } from '../at-tenant'

const tenant = await atTenant()
const OTHER = 'google-oauth2|ann-g'
const marks = () => Object(tenant.user('auth0|ann').app_metadata.account_linking)
const handle = () => hash12(OTHER)

describe('declineSuggestion', () => {
  it('records, in the own account only, that no one may offer the pair again', async () => {
    const before = structuredClone(tenant.user('auth0|ann').app_metadata)
    await declineSuggestion(services(), aSession(), await handle())
    expect(tenant.writes()).toEqual(['PATCH auth0|ann'])
    const pair = await pairKey('auth0|ann', OTHER)
    expect(marks().declined).toEqual({
      [pair]: { until: NEVER, at: expect.any(Number), client: 'Example Inc' },
    })
    expect(Math.abs(marks().declined[pair].at - now())).toBeLessThan(5)
    expect(tenant.user('auth0|ann').app_metadata).toMatchObject(before)
    expect(tenant.told()).toEqual(['account.link_declined'])
  })

  it('keeps other marks', async () => {
    tenant.user('auth0|ann').app_metadata.account_linking = {
      declined: { other: { until: 1, at: 1 } },
      looked: { key: 'k' },
    }
    await declineSuggestion(services(), aSession(), await handle())
    expect(Object.keys(marks().declined)).toHaveLength(2)
    expect(marks().looked).toEqual({ key: 'k' })
  })
})

describe('takeBackDecline', () => {
  it('removes the decline of this pair, and the mark of the last lookup', async () => {
    const declined = { other: { until: 1, at: 1 } }
    tenant.user('auth0|ann').app_metadata.account_linking = {
      declined,
      looked: { key: 'k' },
      last: { result: 'failed' },
    }
    await declineSuggestion(services(), aSession(), await handle())
    await takeBackDecline(services(), aSession(), await handle())
    expect(marks()).toEqual({ declined, last: { result: 'failed' } })
    expect(tenant.told()).toEqual(['account.link_declined'])
  })

  it('does nothing if there was no decline', async () => {
    await takeBackDecline(services(), aSession(), await handle())
    expect(marks()).toEqual({ declined: {} })
  })
})

describe.each([
  ['declineSuggestion', declineSuggestion],
  ['takeBackDecline', takeBackDecline],
])('%s', (_name, change) => {
  it('changes nothing for an account that was not suggested', async () => {
    for (const name of [await hash12('auth0|bea'), await hash12('auth0|ann'), '', OTHER])
      await expect(change(services(), aSession(), name)).rejects.toMatchObject({ code: 'not_available' })
    expect(tenant.writes()).toEqual([])
  })

  it('changes nothing for a blocked account', async () => {
    tenant.change('auth0|ann', { blocked: true })
    await expect(change(services(), aSession(), await handle())).rejects.toMatchObject({ code: 'blocked' })
    expect(tenant.writes()).toEqual([])
  })

  it('waits for other work on the account, and then throws busy', async () => {
    await memoryStore.take(`lock:account:${await hash12('auth0|ann')}`, 60, 'someone else')
    let look = 0
    vi.spyOn(performance, 'now').mockImplementation(() => 3000 * ++look)
    await expect(change(services(), aSession(), await handle())).rejects.toMatchObject({ code: 'busy' })
    expect(tenant.calls()).toEqual([])
  })
})
