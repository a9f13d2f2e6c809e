import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { seal, unseal } from '@/lib/config/seal'
import { APP_ENVIRONMENT } from '../../support/app-environment'

const NOW = 1_800_000_000

beforeAll(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'] })
})
beforeEach(() => {
  vi.setSystemTime(NOW * 1000)
})
afterAll(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

describe('seal', () => {
  it('gives back what was sealed', async () => {
    expect(await unseal('test', await seal('test', { a: [1, 'ü'] }, NOW + 10))).toEqual({ a: [1, 'ü'] })
  })

  it('shows nothing of it', async () => {
    const sealed = await seal('test', 'canary', NOW + 10)
    expect(
      sealed
        .split('.')
        .map((part) => Buffer.from(part, 'base64url').toString('latin1'))
        .join(),
    ).not.toContain('canary')
  })

  it('opens for its own purpose only', async () => {
    expect(await unseal('other', await seal('test', 1, NOW + 10))).toBeUndefined()
  })

  it('stops opening at its deadline', async () => {
    const sealed = await seal('test', 1, NOW + 10)
    vi.setSystemTime((NOW + 9) * 1000)
    expect(await unseal('test', sealed)).toBe(1)
    vi.setSystemTime((NOW + 10) * 1000)
    expect(await unseal('test', sealed)).toBeUndefined()
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
    expect(await unseal('test', forge(await seal('test', 1, NOW + 10)))).toBeUndefined()
  })

  it('opens with the previous secret while a rotation is under way', async () => {
    const sealed = await seal('test', 1, NOW + 10)
    const current = 'rotated-flow-secret-0123456789abcdef'
    expect(
      await openAfter(
        { FLOW_SECRET: current, FLOW_SECRET_PREVIOUS: APP_ENVIRONMENT.FLOW_SECRET ?? '' },
        sealed,
      ),
    ).toBe(1)
    expect(await openAfter({ FLOW_SECRET: current, FLOW_SECRET_PREVIOUS: '' }, sealed)).toBeUndefined()
  })
})

/** Opens a sealed value in a process that was started anew. */
async function openAfter(changes: Record<string, string>, sealed: string): Promise<unknown> {
  vi.resetModules()
  for (const [name, value] of Object.entries(changes)) vi.stubEnv(name, value)
  const restarted = await import('@/lib/config/seal')
  return restarted.unseal('test', sealed)
}
