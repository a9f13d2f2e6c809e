import { describe, expect, it } from 'vitest'
import {
  afterLink,
  afterSignIn,
  type Flow,
  INITIAL_STATE,
  stateAfterLeaving,
  toBusyState,
} from '@/app/settings/connected-accounts/browser/_flow/flow'
import { anAccount } from './an-account'

const NO_RULES = { sameEmail: false, blocked: [] }
const first = anAccount('auth0|ann')
const other = anAccount('google-oauth2|ann-g')
const AT_OTHER: Flow = { step: 'other', isBusy: false, first }
const AT_CONFIRM: Flow = { step: 'confirm', isBusy: false, first, other }

describe('afterSignIn', () => {
  it('goes from the first account to the other one, and then to the confirmation', () => {
    const second = afterSignIn(toBusyState(INITIAL_STATE), { account: first }, NO_RULES)
    expect(second).toEqual(AT_OTHER)
    expect(afterSignIn(toBusyState(second), { account: other }, NO_RULES)).toEqual(AT_CONFIRM)
  })

  it('stays at the same step with the reason, and forgets the reason at the next press', () => {
    const refused = afterSignIn(toBusyState(AT_OTHER), { code: 'popup_closed' }, NO_RULES)
    expect(refused).toEqual({ ...AT_OTHER, code: 'popup_closed' })
    expect(toBusyState(refused)).toEqual({ ...AT_OTHER, isBusy: true, code: undefined })
  })

  it('keeps the first account if the other cannot be linked to it', () => {
    expect(afterSignIn(toBusyState(AT_OTHER), { account: first }, NO_RULES)).toEqual({
      ...AT_OTHER,
      code: 'same_account',
    })
  })
})

describe('afterLink', () => {
  it('ends in a state without a token or a user id', () => {
    const end = afterLink(toBusyState(AT_CONFIRM), undefined)
    expect(end).toEqual({
      step: 'done',
      isBusy: false,
      first: { provider: 'auth0', email: 'ann@example.com' },
      other: { provider: 'google-oauth2', email: 'ann@example.com' },
    })
  })

  it.each([
    ['rate_limited', 'confirm'],
    ['tenant_unreachable', 'confirm'],
    ['belongs_to_another', 'other'],
    ['link_refused', 'other'],
    ['expired', 'first'],
    ['missing_scope', 'first'],
    ['outcome_unknown', 'first'],
  ] as const)('continues after %s at the step %s', (code, step) => {
    const flow = afterLink(toBusyState(AT_CONFIRM), code)
    expect(flow).toMatchObject({ step, code, isBusy: false })
    expect(JSON.stringify(flow).includes('TOKEN')).toBe(step !== 'first')
  })

  it('changes nothing if the person left the page meanwhile', () => {
    expect(afterLink(INITIAL_STATE, undefined)).toBe(INITIAL_STATE)
  })
})

describe('stateAfterLeaving', () => {
  it.each([AT_OTHER, AT_CONFIRM, toBusyState(AT_OTHER)])('drops every token of %j', (flow) => {
    expect(stateAfterLeaving(flow)).toEqual(INITIAL_STATE)
  })

  it('reports outcome_unknown if a link was under way', () => {
    expect(stateAfterLeaving(toBusyState(AT_CONFIRM))).toEqual({ ...INITIAL_STATE, code: 'outcome_unknown' })
  })
})
