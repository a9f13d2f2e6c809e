import 'server-only'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { WithHeaders } from '../session/cookies'

/**
 * Whether a request bears one of some tokens. It compares hashes, which are of one length, in constant time, and all of them.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-2.1 RFC 6750, section 2.1}
 */
export function bearsToken({ headers }: WithHeaders, ...tokens: string[]): boolean {
  const sent = hash(headers.get('authorization') ?? '')
  return tokens.filter((token) => timingSafeEqual(sent, hash(`Bearer ${token}`))).length > 0
}

const hash = (value: string): Buffer => createHash('sha256').update(value).digest()
