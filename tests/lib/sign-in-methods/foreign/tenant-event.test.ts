import { describe, expect, it, vi } from 'vitest'
import { parseTenantEvent } from '@/lib/sign-in-methods/foreign/tenant-event'

const EVENT = {
  specversion: '1.0',
  type: 'user.updated',
  source: 'urn:auth0:example.eu.auth0.com',
  id: 'evt_1',
  time: '2026-11-30T09:00:00.900Z',
  data: { object: { user_id: 'auth0|ann' } },
  a0tenant: 'example',
  a0stream: 'est_1',
}
const NOW = Date.parse('2026-11-30T10:00:00Z')
const at = (time: unknown) => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW })
  try {
    const event = parseTenantEvent({ ...EVENT, time })
    return typeof event === 'object' ? event.at : event
  } finally {
    vi.useRealTimers()
  }
}

describe('parseTenantEvent', () => {
  it.each(['user.updated', 'user.deleted'])('parses %s', (type) => {
    expect(parseTenantEvent({ ...EVENT, type })).toMatchObject({ type, id: 'evt_1', user: EVENT.data.object })
  })

  it.each([
    ['another type', { type: 'user.created' }],
    ['an unknown type', { type: 'toString' }],
    ['a test', { a0purpose: 'test' }],
  ])('ignores %s', (_what, fields) => {
    expect(parseTenantEvent({ ...EVENT, ...fields })).toBe('ignored')
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a list', [EVENT]],
    ['a text', 'user.updated'],
    ['no type', { ...EVENT, type: undefined }],
    ['a type that is no string', { ...EVENT, type: 1 }],
    ['no id', { ...EVENT, id: undefined }],
    ['an empty id', { ...EVENT, id: '' }],
    ['a long id', { ...EVENT, id: 'x'.repeat(201) }],
  ])('refuses %s', (_what, body) => {
    expect(parseTenantEvent(body)).toBeUndefined()
  })

  it.each([
    ['its own time in whole seconds', '2026-11-30T09:00:00.900Z', NOW / 1000 - 3_600],
    ['the current time, if its own is in the future', '2027-11-30T09:00:00Z', NOW / 1000],
    ['the current time, if its own is unreadable', 'yesterday', NOW / 1000],
    ['the current time, if it has none', undefined, NOW / 1000],
  ])('dates an event with %s', (_what, time, expected) => {
    expect(at(time)).toBe(expected)
  })

  it('accepts an event without data, whose user is then unreadable', () => {
    expect(parseTenantEvent({ ...EVENT, data: undefined })).toMatchObject({ user: undefined })
  })
})
