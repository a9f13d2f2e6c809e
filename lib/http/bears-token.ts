import 'server-only'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { WithHeaders } from '../session/cookies'

/**
 * Whether a request has one of these bearer tokens. It compares hashes, which have equal length, in constant time, and always
 * compares with every token, so that the time reveals nothing.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750#section-2.1 RFC 6750, section 2.1}
 */
export function bearsToken({ headers }: WithHeaders, ...tokens: string[]): boolean {
  const sent = hash(headers.get('authorization') ?? '')
  return tokens.filter((token) => timingSafeEqual(sent, hash(`Bearer ${token}`))).length > 0
}

const hash = (value: string): Buffer => createHash('sha256').update(value).digest()
