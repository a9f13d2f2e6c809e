import 'server-only'
import { createHash } from 'node:crypto'
import { compactVerify } from 'jose'
import { isObject } from '@/core/identity'
import type { Services } from '../services'
import { type SharedKeyName, sharedKey } from './shared-key'

/** Longest token that is checked, in characters. */
const MAX_TOKEN_LENGTH = 16_384

/** The payload of a token whose signature is valid. Nothing else has been checked. */
export interface SignedPayload {
  payload: Record<string, unknown>
  key: SharedKeyName
  /** Identifies the signature, whichever way it was encoded. */
  signatureHash: string
}

/**
 * Checks the signature of a token: HS256 with the current secret, then with the previous one.
 *
 * @returns The payload, or undefined for anything but a compact HS256 JWT signed with one of these secrets.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8725#section-3.1 RFC 8725, section 3.1}
 */
export async function verifySignature(
  services: Pick<Services, 'sharedSecret'>,
  token: string,
): Promise<SignedPayload | undefined> {
  if (token.length > MAX_TOKEN_LENGTH) return undefined
  for (const name of ['current', 'previous'] as const) {
    const key = sharedKey(services, name)
    const payload = key && (await verifyWith(token, await key))
    if (payload) return { payload, key: name, signatureHash: signatureHash(token) }
  }
  return undefined
}

async function verifyWith(token: string, key: CryptoKey): Promise<Record<string, unknown> | undefined> {
  try {
    const { protectedHeader, payload } = await compactVerify(token, key, { algorithms: ['HS256'] })
    if (protectedHeader.crit !== undefined || !isJwtType(protectedHeader.typ)) return undefined
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    return isObject(claims) ? claims : undefined
  } catch {
    return undefined
  }
}

const isJwtType = (typ: unknown) => typ === undefined || (typeof typ === 'string' && /^jwt$/i.test(typ))

// Hashes the decoded bytes: several texts decode to one signature (with padding, line breaks, base64 instead of base64url, or
// other spare bits), and all of them verify.
function signatureHash(token: string): string {
  const signature = Buffer.from(token.slice(token.lastIndexOf('.') + 1), 'base64')
  return createHash('sha256').update(signature).digest('base64url')
}
