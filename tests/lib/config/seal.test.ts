import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSealer } from '@/lib/config/seal'

const NOW = 1_800_000_000
const SECRET = 'flow-secret-0123456789abcdef0123456'
const sealer = createSealer({ current: SECRET, previous: undefined })

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
beforeEach(() => {
  vi.setSystemTime(NOW * 1000)
})
afterAll(() => {
  vi.useRealTimers()
})

describe('a sealer', () => {
  it('unseals what was sealed', async () => {
    expect(await sealer.unseal('test', await sealer.seal('test', { a: [1, 'ü'] }, NOW + 10))).toEqual({
      a: [1, 'ü'],
    })
  })

  it('reveals nothing of the content', async () => {
    const sealed = await sealer.seal('test', 'canary', NOW + 10)
    expect(
      sealed
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
        .join(),
    ).not.toContain('canary')
  })

  it('unseals only for the same purpose', async () => {
    expect(await sealer.unseal('other', await sealer.seal('test', 1, NOW + 10))).toBeUndefined()
  })

  it('unseals only until the deadline', async () => {
    const sealed = await sealer.seal('test', 1, NOW + 10)
    vi.setSystemTime((NOW + 9) * 1000)
    expect(await sealer.unseal('test', sealed)).toBe(1)
    vi.setSystemTime((NOW + 10) * 1000)
    expect(await sealer.unseal('test', sealed)).toBeUndefined()
  })

  it.each([
    ['an empty text', () => ''],
    ['random text', () => 'x.y.z'],
    ['plain JSON', () => JSON.stringify([NOW + 10, 1])],
    ['a truncated text', (sealed: string) => sealed.slice(0, -4)],
    [
      'a text with a flipped bit',
      // Change the first character of the ciphertext: the last one may have unused bits.
      (sealed: string) =>
        sealed.replace(/(?<=\.)[^.](?=[^.]*\.[^.]*$)/, (first) => (first === 'A' ? 'B' : 'A')),
    ],
    [
      'a text with another key id',
      (sealed: string) =>
        sealed.replace(
          /^[^.]*/,
          Buffer.from('{"alg":"dir","enc":"A256GCM","kid":"x"}').toString('base64url'),
        ),
    ],
  ])('does not unseal %s', async (_what, forge) => {
    expect(await sealer.unseal('test', forge(await sealer.seal('test', 1, NOW + 10)))).toBeUndefined()
  })

  it('unseals with the previous secret during a rotation', async () => {
    const sealed = await sealer.seal('test', 1, NOW + 10)
    const current = 'rotated-flow-secret-0123456789abcdef'
    expect(await createSealer({ current, previous: SECRET }).unseal('test', sealed)).toBe(1)
    expect(await createSealer({ current, previous: undefined }).unseal('test', sealed)).toBeUndefined()
  })
})
