import { describe, expect, it } from 'vitest'
import { AuthorizationAttempt } from '@/lib/oidc/authorization-attempt'

const ATTEMPT = { state: 'flow.random', nonce: 'nonce-1', verifier: 'v'.repeat(43), startedAt: 1_800_000_000 }

describe('AuthorizationAttempt', () => {
  it("contains everything that the tenant's response is checked against", () => {
    expect(AuthorizationAttempt.parse(ATTEMPT)).toEqual(ATTEMPT)
  })

  it.each(Object.keys(ATTEMPT))('is refused without %s', (name) => {
    expect(AuthorizationAttempt.safeParse({ ...ATTEMPT, [name]: undefined }).success).toBe(false)
  })
})
