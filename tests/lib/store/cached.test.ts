import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { LinkingError } from '@/core/errors'
import { cached } from '@/lib/store/cached'
import { memoryStore } from '@/lib/store/memory-store'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { services } from '../../support/process/services'

const NOW = 1_800_000_000
const Shape = z.object({ name: z.string() })
const find = vi.fn<() => Promise<{ name: string }>>()
const ask = (key = 'test:1', ttl = 600) => cached(services(), key, ttl, Shape, find)

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
  forgetProcessMemory('cached')
  let count = 0
  find.mockReset().mockImplementation(async () => ({ name: `found ${++count}` }))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

describe('cached', () => {
  it('computes the value once, and returns it again', async () => {
    expect([await ask(), await ask()]).toEqual([{ name: 'found 1' }, { name: 'found 1' }])
    expect(find).toHaveBeenCalledTimes(1)
  })

  it('computes once for simultaneous callers, and again after a failure', async () => {
    find.mockRejectedValueOnce(new Error('not now'))
    const refused = await Promise.allSettled([ask(), ask()])
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(find).toHaveBeenCalledTimes(1)
    expect(await Promise.all([ask(), ask(), ask('test:2')])).toEqual([
      { name: 'found 1' },
      { name: 'found 1' },
      { name: 'found 2' },
    ])
  })

  it('computes again after the time to live', async () => {
    await ask('test:1', 60)
    vi.setSystemTime((NOW + 59) * 1000)
    expect(await ask('test:1', 60)).toEqual({ name: 'found 1' })
    vi.setSystemTime((NOW + 60) * 1000)
    expect(await ask('test:1', 60)).toEqual({ name: 'found 2' })
  })

  it('does not trust a store that keeps a value for too long', async () => {
    await ask('test:1', 60)
    const kept = (await memoryStore.get('test:1')) ?? ''
    await memoryStore.set('test:1', kept, 10_000)
    vi.setSystemTime((NOW + 60) * 1000)
    expect(await ask('test:1', 60)).toEqual({ name: 'found 2' })
  })

  it('stores the value encrypted', async () => {
    find.mockResolvedValue({ name: 'ann@example.com' })
    await ask()
    const kept = (await memoryStore.get('test:1')) ?? ''
    expect(kept.split('.')).toHaveLength(5)
    for (const part of kept.split('.')) expect(Buffer.from(part, 'base64url').toString()).not.toContain('ann')
  })

  it.each<[string, () => Promise<string>]>([
    ['a value that someone else wrote', async () => JSON.stringify([NOW + 600, { name: 'forged' }])],
    [
      'a value that was sealed for another key',
      async () => services().sealer.seal('test:2', { name: 'moved' }, NOW + 600),
    ],
    ['a value of another shape', async () => services().sealer.seal('test:1', { title: 'old' }, NOW + 600)],
    ['an empty value', async () => ''],
  ])('does not accept %s', async (_what, kept) => {
    await memoryStore.set('test:1', await kept(), 600)
    expect(await ask()).toEqual({ name: 'found 1' })
    expect(await ask()).toEqual({ name: 'found 1' })
    expect(find).toHaveBeenCalledTimes(1)
  })

  it('keeps different keys apart', async () => {
    await ask('test:1')
    expect(await ask('test:2')).toEqual({ name: 'found 2' })
  })

  it('throws the error of the computation, and does not cache it', async () => {
    find.mockRejectedValueOnce(new Error('of the search'))
    await expect(ask()).rejects.toThrow('of the search')
    expect(await ask()).toEqual({ name: 'found 1' })
  })

  it.each(['get', 'set'] as const)('continues if the store does not respond to a %s', async (operation) => {
    vi.spyOn(memoryStore, operation).mockRejectedValue(new LinkingError('store_unavailable'))
    expect([await ask(), await ask()]).toEqual([{ name: 'found 1' }, { name: 'found 2' }])
  })

  it('throws unexpected errors of the store', async () => {
    vi.spyOn(memoryStore, 'get').mockRejectedValue(new TypeError('broken'))
    await expect(ask()).rejects.toThrow('broken')
  })
})
