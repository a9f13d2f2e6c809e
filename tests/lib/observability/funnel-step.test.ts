import { describe, expect, it } from 'vitest'
import { toFunnelStep } from '@/lib/observability/funnel-step'

describe('toFunnelStep', () => {
  it.each([
    ['flow_opened', { flow: 'f', user: 'u' }, { step: 'offered', way: 'login' }],
    ['flow_proven', { flow: 'f' }, { step: 'proven', way: 'login' }],
    ['flow_answered', { result: 'link', user: 'u' }, { step: 'answered', way: 'login' }],
    ['flow_answered', { result: 'declined', never: true }, { step: 'declined', way: 'login' }],
    ['refused', { code: 'expired', request: 'r' }, { step: 'failed', way: 'login', reason: 'expired' }],
    ['settings_refused', { code: 'busy' }, { step: 'failed', way: 'settings', reason: 'busy' }],
    ['account_event', { type: 'account.linked', way: 'login', user: 'u' }, { step: 'linked', way: 'login' }],
    ['account_event', { type: 'account.linked', way: 'settings' }, { step: 'linked', way: 'settings' }],
  ])('converts %s %o to %o', (event, fields, step) => {
    expect(toFunnelStep(event, fields)).toStrictEqual(step)
  })

  it.each([
    ['flow_answered', { result: 'failed' }],
    ['flow_answered', { result: 'skipped' }],
    ['account_event', { type: 'account.link_declined', way: 'login' }],
    ['account_event', { type: 'account.unlinked', way: 'settings' }],
    ['store_lost', {}],
  ])('does not count %s %o', (event, fields) => {
    expect(toFunnelStep(event, fields)).toBeUndefined()
  })
})
