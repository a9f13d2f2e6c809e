/**
 * Builders of sessions and refresh tokens for tests.
 * @module
 */
import type { StoredRefreshToken, StoredSession } from '@/local-tenant/model'

/**
 * A session of Ann's password account in the tenant.
 *
 * @param fields - The fields that matter to the test.
 */
export function aSession(fields: Partial<StoredSession> = {}): StoredSession {
  return {
    id: 's1',
    user_id: 'auth0|ann',
    identity: { provider: 'auth0', user_id: 'ann', connection: 'Username-Password-Authentication' },
    auth_time: 1_767_225_600,
    amr: ['pwd'],
    created_at: '2026-01-01T00:00:00.000Z',
    client_ids: ['demo-app'],
    ...fields,
  }
}

/**
 * A refresh token of Ann's password account.
 *
 * @param id - Its id in the Management API.
 * @param grant - The properties of the grant that matter to the test.
 */
export function aRefreshToken(
  id: string,
  grant: Partial<StoredRefreshToken['grant']> = {},
): StoredRefreshToken {
  const { user_id, identity, amr } = aSession()
  return {
    id,
    created_at: '2026-01-01T00:00:00.000Z',
    grant: {
      clientId: 'demo-app',
      userId: user_id,
      identity,
      door: { name: 'login', origin: 'http://localhost:4400', issuer: 'http://localhost:4400/' },
      scopes: ['openid', 'offline_access'],
      authTime: 1_767_225_600,
      amr,
      methods: [],
      idTokenClaims: {},
      accessTokenClaims: {},
      issuedAt: 1_767_225_600_000,
      ...grant,
    },
  }
}
