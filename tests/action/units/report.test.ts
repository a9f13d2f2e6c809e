import { describe, expect, it } from 'vitest'
import { reportLink } from '@/action/report'
import { readSettings } from '@/action/settings'
import { hash12 } from '@/core'
import { anActionPlatform, GOOGLE, NOW, PASSWORD, SECRETS } from '../../support/action/platform'

const platform = anActionPlatform()
const WEBHOOK = { EVENTS_WEBHOOK_URL: 'https://events.example/hook' }

async function report(secrets: Record<string, string> = {}) {
  const settings = readSettings({ ...SECRETS, ...secrets })
  if (!settings) throw new Error('no settings')
  const identity = { user_id: GOOGLE, provider: 'google-oauth2', connection: 'google-oauth2' }
  await reportLink(platform.event, platform.api, settings, PASSWORD, identity)
}

describe('reportLink', () => {
  it('logs a link with hashed ids, and reports it nowhere else by default', async () => {
    await report()
    expect(platform.logs).toEqual([
      { account_linking: 'linked', primary: await hash12(PASSWORD), secondary: await hash12(GOOGLE) },
    ])
    expect([platform.effects, platform.calls]).toEqual([[], []])
  })

  it('sets the ID-token claim that the operator named', async () => {
    await report({ ACCOUNT_LINKING_CLAIM: 'https://example.com/linked' })
    expect(platform.effects).toEqual([['setCustomClaim', 'https://example.com/linked', 'linked']])
  })

  it('calls the webhook once, within a second', async () => {
    platform.event.transaction = { ...platform.event.transaction, ui_locales: ['de-AT', 'en'] }
    await report({ ...WEBHOOK, EVENTS_WEBHOOK_SECRET: 'bearer-secret' })
    expect(platform.calls).toMatchObject([
      {
        name: 'POST https://events.example/hook',
        headers: { 'content-type': 'application/json', authorization: 'Bearer bearer-secret' },
        body: {
          type: 'account.linked',
          timestamp: new Date(NOW * 1_000).toISOString(),
          data: {
            primary_user_id: PASSWORD,
            secondary_user_id: GOOGLE,
            connection: 'google-oauth2',
            client_id: 'demo-app',
            client_name: 'Demo App',
            ui_locales: 'de-AT en',
          },
        },
      },
    ])
    expect(platform.limits).toEqual([1_000])
  })

  it('sends the webhook no credential if none is configured', async () => {
    await report(WEBHOOK)
    expect(platform.calls.map(({ headers }) => headers)).toEqual([{ 'content-type': 'application/json' }])
  })

  it('logs that the webhook was not reached, without details', async () => {
    platform.fault(/hook/, () => Promise.reject(new TypeError('canary')))
    await report(WEBHOOK)
    expect(platform.logs.slice(1)).toEqual([{ account_linking: 'webhook_failed' }])
    expect(platform.calls).toHaveLength(1)
  })
})
