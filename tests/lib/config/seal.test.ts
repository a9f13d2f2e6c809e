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
  it('gives back what was sealed', async () => {
    expect(await sealer.unseal('test', await sealer.seal('test', { a: [1, 'ü'] }, NOW + 10))).toEqual({
      a: [1, 'ü'],
    })
  })

  it('shows nothing of it', async () => {
    const sealed = await sealer.seal('test', 'canary', NOW + 10)
    expect(
      sealed
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
        .join(),
    ).not.toContain('canary')
  })

  it('opens for its own purpose only', async () => {
    expect(await sealer.unseal('other', await sealer.seal('test', 1, NOW + 10))).toBeUndefined()
  })

  it('stops opening at its deadline', async () => {
    const sealed = await sealer.seal('test', 1, NOW + 10)
    vi.setSystemTime((NOW + 9) * 1000)
    expect(await sealer.unseal('test', sealed)).toBe(1)
    vi.setSystemTime((NOW + 10) * 1000)
    expect(await sealer.unseal('test', sealed)).toBeUndefined()
  })

  it.each([
    ['nothing', () => ''],
    ['random text', () => 'x.y.z'],
    ['plain JSON', () => JSON.stringify([NOW + 10, 1])],
    ['a truncated one', (sealed: string) => sealed.slice(0, -4)],
    [
      'one with a bit flipped',
      // The first character of the ciphertext: the last one may have bits that say nothing.
      (sealed: string) =>
        sealed.replace(/(?<=\.)[^.](?=[^.]*\.[^.]*$)/, (first) => (first === 'A' ? 'B' : 'A')),
    ],
    [
      'one with another key named',
      (sealed: string) =>
        sealed.replace(
          /^[^.]*/,
          Buffer.from('{"alg":"dir","enc":"A256GCM","kid":"x"}').toString('base64url'),
        ),
    ],
  ])('does not open %s', async (_what, forge) => {
    expect(await sealer.unseal('test', forge(await sealer.seal('test', 1, NOW + 10)))).toBeUndefined()
  })

  it('opens with the previous secret while a rotation is under way', async () => {
    const sealed = await sealer.seal('test', 1, NOW + 10)
    const current = 'rotated-flow-secret-0123456789abcdef'
    expect(await createSealer({ current, previous: SECRET }).unseal('test', sealed)).toBe(1)
    expect(await createSealer({ current, previous: undefined }).unseal('test', sealed)).toBeUndefined()
  })
})
