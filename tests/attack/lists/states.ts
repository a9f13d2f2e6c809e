/**
 * Opaque states as a tenant might make them.
 * @module
 */
import { createHash } from 'node:crypto'

const COUNT = 200
/** Every character that addresses, forms and JSON treat as something else, and some beyond ASCII. */
const CHARACTERS = 'abcXYZ019-._~!*\'();:@&=+,/?%#[]{}|\\^`"<> äß€漢😀'

/** 200 of up to 200 characters and one of 1,000, the same in every run, each with a person of its own. */
export const states = () =>
  Array.from({ length: COUNT }, (_state, index) => ({
    state: text(`state ${index}`, index === 0 ? 600 : 1 + index),
    sub: `google-oauth2|state-${index}`,
  })).concat({ state: 'abcdefg+'.repeat(125), sub: 'google-oauth2|state-of-1-kB' })

/** Of lengths that no cookie carries, up to what is taken at all. */
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
