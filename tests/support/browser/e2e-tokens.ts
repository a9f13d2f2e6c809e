/**
 * Tokens for browser tests, and the addresses that carry them.
 * @module
 */
import { control, type DemoAddresses } from './e2e'

/** Seconds since 1970. */
export const now = () => Math.floor(Date.now() / 1000)

/** Mints a token with the shared secret; `iat`, `jti` and `txn` are added. */
export async function mint(demo: DemoAddresses, claims: object): Promise<string> {
  const all = { iat: now(), jti: crypto.randomUUID(), txn: crypto.randomUUID(), ...claims }
  return (await control<{ token: string }>(demo, 'mint', { claims: all })).token
}

/** The account with which Ann signs in. */
export const GOOGLE = {
  user_id: 'google-oauth2|ann-g',
  provider: 'google-oauth2',
  connection: 'google-oauth2',
}
const PASSWORD = {
  user_id: 'auth0|ann',
  provider: 'auth0',
  connection: 'Username-Password-Authentication',
}

/** The address of `/link` with a session token for Ann. */
export async function linkAddress(demo: DemoAddresses, claims: object = {}): Promise<string> {
  const token = await mint(demo, {
    sub: GOOGLE.user_id,
    iss: new URL(demo.tls).host,
    exp: now() + 120,
    purpose: 'account-link.request',
    email: 'ann@example.com',
    current_identity: GOOGLE,
    candidate_identities: [{ ...PASSWORD, stays: 'candidate', carried: 1 }],
    ...claims,
  })
  return `${demo.app}/link?${new URLSearchParams({ session_token: token, state: crypto.randomUUID() })}`
}
