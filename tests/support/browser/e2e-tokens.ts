/**
 * Session tokens for browser tests, and URLs with them.
 * @module
 */
import { control, type DemoAddresses } from './e2e'

/** Seconds since 1970. */
export const now = () => Math.floor(Date.now() / 1000)

/** Signs a token with the shared secret. Adds `iat`, `jti` and `txn` to the claims. */
export async function mint(demo: DemoAddresses, claims: object): Promise<string> {
  const all = { iat: now(), jti: crypto.randomUUID(), txn: crypto.randomUUID(), ...claims }
  return (await control<{ token: string }>(demo, 'mint', { claims: all })).token
}

/** The account that Ann signs in with. */
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

/** The URL of `/link` with a session token for Ann. */
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
