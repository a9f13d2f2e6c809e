/**
 * A generator of accounts with one email address, of all kinds that the rules of linking distinguish.
 * @module
 */
import fc from 'fast-check'
import type { LinkingUser } from '@/core'
import { aUser, type UserFields } from '../../support/builders/users'

const PROVIDERS = ['auth0', 'google-oauth2', 'github', 'samlp']

const Fields = fc.record({
  provider: fc.constantFrom(...PROVIDERS),
  email: fc.constantFrom('ann@example.com', 'ann@example.com', 'Ann@Example.com', ' ann@example.com'),
  email_verified: fc.constantFrom(true, true, true, false),
  blocked: fc.constantFrom(false, false, false, true),
  year: fc.integer({ min: 2018, max: 2024 }),
  logins_count: fc.integer({ min: 0, max: 3 }),
  isLinked: fc.constantFrom(false, false, false, true),
  user_metadata: fc.constantFrom(
    {},
    { theme: 'dark' },
    { theme: 'light', 'a.b': { $c: null } },
    { essay: 'x'.repeat(900) },
    { essay: 'x'.repeat(3_000) },
  ),
  app_metadata: fc.constantFrom(
    {},
    { plan: 'pro' },
    { suspended: true },
    { account_linking: { looked: { until: 1, key: 'a' } } },
    { account_linking_mine: 1 },
  ),
})

function toUser(
  fields: typeof Fields extends fc.Arbitrary<infer One> ? One : never,
  index: number,
): LinkingUser {
  const { provider, year, isLinked, ...rest } = fields
  const user: UserFields = {
    ...rest,
    user_id: `${provider}|${index}`,
    created_at: `${year}-01-01T00:00:00.000Z`,
    ...(isLinked && { linked: [`github|linked-${index}`] }),
  }
  return aUser(user)
}

/** Generates one to seven accounts. */
export const Accounts = fc
  .array(Fields, { minLength: 1, maxLength: 7 })
  .map((all) => all.map((fields, index) => toUser(fields, index)))
