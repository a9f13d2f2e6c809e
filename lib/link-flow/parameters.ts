import 'server-only'
import { TOKEN_PARAMETER } from '@/core/contract'
import { LinkingError } from '@/core/errors'

const STATE_PARAMETER = 'state'
/** Longest `state` that is accepted, in bytes. */
const MAX_STATE_BYTES = 4096

/**
 * Reads the two query parameters with which the Action sends the browser to `/link`.
 *
 * @returns Both values. `state` is not changed in any byte.
 * @throws {LinkingError} `bad_request` if a parameter comes twice, or under a similar name such as `state[0]`;
 *   `missing_token`; `missing_state`; `bad_state` if `state` is too long or we could not return it unchanged
 */
export function linkParameters(query: URLSearchParams): { token: string; state: string } {
  for (const name of [TOKEN_PARAMETER, STATE_PARAMETER]) {
    const alike = [...query.keys()].filter((key) => nameWithoutIndex(key) === name)
    if (alike.length > 1 || alike.some((key) => key !== name)) throw new LinkingError('bad_request')
  }
  const token = query.get(TOKEN_PARAMETER)
  const state = query.get(STATE_PARAMETER)
  if (token === null) throw new LinkingError('missing_token')
  if (!state) throw new LinkingError('missing_state')
  if (!isReturnable(state)) throw new LinkingError('bad_state')
  return { token, state }
}

// Some servers read `name[0]` as an entry of a list called `name`, so compare only the part before the first bracket.
const nameWithoutIndex = (key: string) => key.toLowerCase().split('[', 1)[0]

// The query decoder puts U+FFFD in place of bytes that are not UTF-8. We could not return those bytes unchanged.
function isReturnable(state: string): boolean {
  return Buffer.byteLength(state) <= MAX_STATE_BYTES && !/[\p{Cc}\uFFFD]/u.test(state)
}
