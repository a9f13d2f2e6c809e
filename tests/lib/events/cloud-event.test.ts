import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { cloudEventHeaders, toCloudEvent } from '@/lib/events/cloud-event'
import { attemptDelivery } from '@/lib/events/deliver-event'
import { toPayload } from '@/lib/events/event-payload'
import { services } from '../../support/process/services'
import { anEvent, aWebhook, START, WEBHOOK } from './an-event'

const APP = 'https://accounts.example.com'
const payload = await toPayload(services(), anEvent(), new Date(START))
const ATTRIBUTES = {
  specversion: '1.0',
  id: 'msg_1',
  source: APP,
  type: 'com.example.accounts.account.linked',
  time: '2026-11-24T09:00:00.000Z',
  dataschema: `${APP}/events/schema/v1`,
}

afterEach(() => void vi.unstubAllGlobals())

describe('toCloudEvent', () => {
  it('has the attributes that CloudEvents requires, and the payload unchanged', () => {
    expect(toCloudEvent(APP, 'msg_1', payload)).toEqual({
      ...ATTRIBUTES,
      datacontenttype: 'application/json',
      data: payload,
    })
  })
})

describe('cloudEventHeaders', () => {
  it('are the same attributes, and identify no account', () => {
    const headers = cloudEventHeaders(APP, 'msg_1', JSON.stringify(payload))
    expect(headers).toEqual(
      Object.fromEntries(Object.entries(ATTRIBUTES).map(([name, value]) => [`ce-${name}`, value])),
    )
    expect(JSON.stringify(headers)).not.toContain('ann')
  })

  it('are empty for a body that is no event', () => {
    expect(cloudEventHeaders(APP, 'msg_1', '{"a":1}')).toEqual({})
  })
})

describe('the webhook', () => {
  it('receives them beside those of Standard Webhooks, with body, content type and signature unchanged', async () => {
    const attempts = aWebhook()
    const body = JSON.stringify(payload)
    await attemptDelivery({ eventsWebhook: WEBHOOK, appBaseUrl: APP }, 'msg_1', body, 1)
    const { headers, body: sent } = attempts[0] ?? expect.fail()
    expect(sent).toBe(body)
    expect(new Webhook(WEBHOOK.secret).verify(sent, headers)).toEqual(JSON.parse(body))
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
      'ce-id': 'msg_1',
      'ce-type': ATTRIBUTES.type,
    })
    expect(JSON.parse(sent).type).toBe('account.linked')
  })
})
