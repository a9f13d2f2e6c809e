import { beforeEach, describe, expect, it, vi } from 'vitest'
import { APP_ENVIRONMENT } from '../../support/app-environment'
import { forgetProcessMemory } from '../../support/process-memory'

const get = vi.fn<() => Promise<string | undefined>>()
vi.mock('@/lib/store/store', () => ({ store: () => ({ get }) }))

/** As a process with this environment says it. */
async function startedWith(env: Record<string, string>) {
  for (const [name, value] of Object.entries({ ...APP_ENVIRONMENT, ...env })) vi.stubEnv(name, value)
  vi.resetModules()
  return (await import('@/lib/link-flow/offer-switch')).isOffering
}
const unavailable = async () => {
  // The class that the module under test has loaded.
  const { LinkingError } = await import('@/core/errors')
  throw new LinkingError('store_unavailable')
}

beforeEach(() => {
  forgetProcessMemory('offer-switch')
  vi.useFakeTimers({ toFake: ['performance'] })
  get.mockReset()
  return () => {
    vi.useRealTimers()
    vi.unstubAllEnvs()
  }
})

describe('isOffering', () => {
  it.each([
    [undefined, true],
    ['off', false],
    ['', true],
  ])('with the switch at %o says %s', async (value, expected) => {
    const isOffering = await startedWith({ REDIS_URL: 'redis://localhost' })
    get.mockResolvedValue(value)
    expect(await isOffering()).toBe(expected)
    expect(get).toHaveBeenCalledWith('switch:offer')
  })

  it('asks the switch once a second, however often it is asked', async () => {
    const isOffering = await startedWith({ REDIS_URL: 'redis://localhost' })
    get.mockResolvedValueOnce(undefined).mockResolvedValueOnce('off')
    expect(await Promise.all([isOffering(), isOffering()])).toEqual([true, true])
    vi.advanceTimersByTime(900)
    expect(await isOffering()).toBe(true)
    vi.advanceTimersByTime(200)
    expect(await isOffering()).toBe(false)
  })

  it('goes by what the switch said last while the store does not answer', async () => {
    const isOffering = await startedWith({ REDIS_URL: 'redis://localhost' })
    get.mockImplementationOnce(unavailable).mockResolvedValueOnce('off').mockImplementation(unavailable)
    const answers: boolean[] = []
    for (let second = 0; second < 4; second += 1) {
      answers.push(await isOffering())
      vi.advanceTimersByTime(1_000)
    }
    expect(answers).toEqual([true, false, false, false])
  })

  it('asks nobody where the environment says no, or where there is no shared store', async () => {
    expect(await (await startedWith({ REDIS_URL: 'redis://localhost', OFFER: 'off' }))()).toBe(false)
    expect(await (await startedWith({ REDIS_URL: '', OFFER: 'on' }))()).toBe(true)
    expect(get).not.toHaveBeenCalled()
  })
})
