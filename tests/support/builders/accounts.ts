import { type Account, parseAccount } from '@/lib/auth0/account'

/**
 * An account as the Management API returns it, parsed: Ann's password account.
 *
 * @param fields - The fields that matter to the test.
 */
export function anAccount(fields: Record<string, unknown> = {}): Account {
  const account = parseAccount({
    user_id: 'auth0|ann',
    email: 'ann@example.com',
    email_verified: true,
    created_at: '2023-06-01T09:00:00.000Z',
    identities: [{ provider: 'auth0', user_id: 'ann', connection: 'Username-Password-Authentication' }],
    ...fields,
  })
  if (!account) throw new Error('no account')
  return account
}
