import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { vi } from 'vitest'

/** The issuer in these tests. */
export const ISSUER = 'http://localhost:4400/'

const { publicKey, privateKey } = await generateKeyPair('RS256')
const PUBLIC_JWK = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' }

/** Another login domain of the same tenant. */
export const FURTHER_ISSUER = 'http://127.0.0.1:4400/'

const metadataOf = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}authorize`,
  token_endpoint: `${issuer}oauth/token`,
  jwks_uri: `${issuer}.well-known/jwks.json`,
  code_challenge_methods_supported: ['S256'],
})

/** How a fake tenant differs from the normal one. */
export interface TenantFaults {
  metadata?: Record<string, unknown>
  /** Responses of its endpoints, by path. */
  answers?: Record<string, () => Response | Promise<Response>>
  idToken?: string
}

/**
 * Replaces `fetch` with a fake tenant, and clears cached metadata and keys.
 *
 * @returns The requests so far: origin, path and body.
 */
export function fakeTenant({ metadata = {}, answers = {}, idToken = '' }: TenantFaults = {}) {
  Reflect.deleteProperty(globalThis, Symbol.for('account-linking.tenant-metadata'))
  const calls: { origin: string; path: string; body: URLSearchParams }[] = []
  vi.stubGlobal('fetch', async (input: string | URL, init?: RequestInit) => {
    const { origin, pathname } = new URL(input)
    calls.push({ origin, path: pathname, body: new URLSearchParams(String(init?.body ?? '')) })
    const answer = answers[pathname]
    if (answer) return answer()
    if (pathname === '/.well-known/openid-configuration')
      return Response.json({ ...metadataOf(`${origin}/`), ...metadata })
    if (pathname === '/.well-known/jwks.json') return Response.json({ keys: [PUBLIC_JWK] })
    return Response.json({ access_token: 'opaque', token_type: 'Bearer', expires_in: 60, id_token: idToken })
  })
  return calls
}

/** An ID token signed with the tenant's key. */
export function signIdToken(claims: JWTPayload, header: { kid?: string } = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'key-1', ...header }).sign(privateKey)
}
