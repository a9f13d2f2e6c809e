import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LinkingError } from '@/core/errors'
import { isOffering } from '@/lib/link-flow/offer-switch'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { services } from '../../support/process/services'

const get = vi.fn<() => Promise<string | undefined>>()
/** Services with this environment, and a store that returns what the test sets. */
function startedWith(environment: Record<string, string>) {
  const all = services(environment)
  return { ...all, store: { ...all.store, get } }
}
const SHARED = startedWith({ REDIS_URL: 'redis://localhost' })
const unavailable = async () => {
  throw new LinkingError('store_unavailable')
}

beforeEach(() => {
  forgetProcessMemory('offer-switch')
  vi.useFakeTimers({ toFake: ['performance'] })
  get.mockReset()
  return () => {
    vi.useRealTimers()
  }
})

describe('isOffering', () => {
  it.each([
    [undefined, true],
    ['off', false],
    ['', true],
  ])('with the switch at %o returns %s', async (value, expected) => {
    get.mockResolvedValue(value)
    expect(await isOffering(SHARED)).toBe(expected)
    expect(get).toHaveBeenCalledWith('switch:offer')
  })

  it('reads the switch once a second at most', async () => {
    get.mockResolvedValueOnce(undefined).mockResolvedValueOnce('off')
    expect(await Promise.all([isOffering(SHARED), isOffering(SHARED)])).toEqual([true, true])
    vi.advanceTimersByTime(900)
    expect(await isOffering(SHARED)).toBe(true)
    vi.advanceTimersByTime(200)
    expect(await isOffering(SHARED)).toBe(false)
  })

  it('uses the last value of the switch while the store does not respond', async () => {
    get.mockImplementationOnce(unavailable).mockResolvedValueOnce('off').mockImplementation(unavailable)
    const answers: boolean[] = []
    for (let second = 0; second < 4; second += 1) {
      answers.push(await isOffering(SHARED))
      vi.advanceTimersByTime(1_000)
    }
    expect(answers).toEqual([true, false, false, false])
  })

  it('does not read the switch if OFFER is off, or if there is no shared store', async () => {
    expect(await isOffering(startedWith({ REDIS_URL: 'redis://localhost', OFFER: 'off' }))).toBe(false)
    expect(await isOffering(startedWith({ REDIS_URL: '', OFFER: 'on' }))).toBe(true)
    expect(get).not.toHaveBeenCalled()
  })
})
