import { describe, expect, it } from 'vitest'
import { parseSignInFailure, toSignInFailure } from '@/lib/session/sign-in-failure'

describe('toSignInFailure', () => {
  it.each([
    ['missing_state', 'no_flow'],
    ['invalid_state', 'no_flow'],
    ['discovery_error', 'tenant_unreachable'],
    ['authorization_code_grant_request_error', 'tenant_unreachable'],
    ['authorization_error', 'sign_in_failed'],
    ['anything_else', 'sign_in_failed'],
  ])('converts %s to %s', (code, expected) => {
    expect(toSignInFailure({ code })).toBe(expected)
  })
})

describe('parseSignInFailure', () => {
  it.each([
    ['no_flow', 'no_flow'],
    ['tenant_unreachable', 'tenant_unreachable'],
    ['<script>', 'sign_in_failed'],
    [['no_flow', 'x'], 'sign_in_failed'],
    [undefined, 'sign_in_failed'],
  ])('reads %j as %s', (code, expected) => {
    expect(parseSignInFailure(code)).toBe(expected)
  })
})
