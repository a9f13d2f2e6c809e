/**
 * Values of the `state` parameter that a tenant might create.
 * @module
 */
import { createHash } from 'node:crypto'

const COUNT = 200
/** Characters with a special meaning in addresses, forms or JSON, and some that are not ASCII. */
const CHARACTERS = 'abcXYZ019-._~!*\'();:@&=+,/?%#[]{}|\\^`"<> äß€漢😀'

/** 200 states of 2 to 200 characters (the first has 600) and one of 1,000, the same in every run, each with its own user. */
export const states = () =>
  Array.from({ length: COUNT }, (_state, index) => ({
    state: text(`state ${index}`, index === 0 ? 600 : 1 + index),
    sub: `google-oauth2|state-${index}`,
  })).concat({ state: 'abcdefg+'.repeat(125), sub: 'google-oauth2|state-of-1-kB' })

/** States too long for a cookie, up to the longest one that is accepted. */
export const longStates = () =>
  [2_048, 3_000, 4_096].map((length) => ({
    state: 'abcdefg+'.repeat(length / 8),
    sub: `google-oauth2|long-state-${length}`,
  }))

function text(seed: string, length: number): string {
  const all = [...CHARACTERS]
  const bytes = Array.from({ length: Math.ceil(length / 32) }, (_block, block) => [
    ...createHash('sha256').update(`${seed} ${block}`).digest(),
  ]).flat()
  return bytes
    .slice(0, length)
    .map((byte) => all[byte % all.length])
    .join('')
}
