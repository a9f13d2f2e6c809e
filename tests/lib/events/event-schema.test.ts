import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AccountEvent, AccountEventType } from '@/lib/events/account-event'
import { toPayload } from '@/lib/events/event-payload'
import { AnyEvent, eventSchema } from '@/lib/events/event-schema'
import { assertPublished } from '../../support/flow/published-event'
import { blocksOf } from '../../support/operator/documented-commands'
import { services, testConfig } from '../../support/process/services'
import { anEvent, START } from './an-event'

const TYPES = AnyEvent.options.map(({ shape }) => shape.type.value)

/** The additional fields of some event types. */
const MORE: Partial<Record<AccountEventType, Partial<AccountEvent>>> = {
  'account.unlinked': { heldBack: ['plan'] },
  'account.restored': { heldBack: [] },
  'account.link_refused': { reason: 'unverified' },
  'account.link_declined': { never: true },
  'operator.looked': { operator: 'auth0|olga', reason: 'looked at the account' },
  'operator.acted': { operator: 'auth0|olga', reason: 'Ticket 4711', act: 'undo' },
}
const payloadOf = async (changes: Partial<AccountEvent>, env: Record<string, string> = {}) => {
  const all = { ...services(), ...testConfig(env) }
  return JSON.parse(JSON.stringify(await toPayload(all, anEvent(changes), new Date(START))))
}

describe('docs/reference/events.schema.json', () => {
  // To update the file: npx vitest run --project units tests/lib/events/event-schema.test.ts -u
  it('is generated from the code', async () => {
    const text = `${JSON.stringify(eventSchema(), undefined, 2)}\n`
    await expect(text).toMatchFileSnapshot('../../../docs/reference/events.schema.json')
  })

  it.each(TYPES)('accepts %s as it is sent, with and without email addresses', async (type) => {
    for (const isIncluded of ['0', '1'])
      assertPublished(await payloadOf({ type, ...MORE[type] }, { EVENTS_INCLUDE_EMAIL: isIncluded }))
    const unknown = { other: undefined, email: undefined, clientId: '', clientName: undefined }
    assertPublished(await payloadOf({ type, ...MORE[type], ...unknown }))
  })

  it('accepts every event in docs/events.md', () => {
    const shown = blocksOf(readFileSync('docs/events.md', 'utf8'), 'json')
      .map((block) => JSON.parse(block))
      .map((event) => (event.specversion ? event.data : event))
      .filter(({ data }) => data)
    expect(new Set(shown.map(({ type }) => type))).toEqual(new Set(TYPES))
    for (const event of shown) assertPublished(event)
  })

  it.each<[string, (event: Record<string, unknown> & { data: Record<string, unknown> }) => unknown]>([
    ['another type', (event) => ({ ...event, type: 'account.renamed' })],
    ['an invalid time', (event) => ({ ...event, timestamp: 'yesterday' })],
    ['no account', ({ data: { user_id: _id, ...data }, ...event }) => ({ ...event, data })],
    ['a field of another type of event', (event) => ({ ...event, data: { ...event.data, never: true } })],
  ])('refuses %s', async (_what, change) => {
    const event = await payloadOf({})
    expect(() => assertPublished(change(event))).toThrow('Not a published event')
  })
})
