import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { hash12 } from '@/core'
import { LinkingError } from '@/core/errors'
import { withAccountLock } from '@/lib/sign-in-methods/with-account-lock'
import { memoryStore } from '@/lib/store/memory-store'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { services } from '../../support/process/page-services'
import { forgetProcessMemory } from '../../support/process/process-memory'

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  forgetProcessMemory('taken')
})
afterEach(() => vi.unstubAllEnvs())

const PAIR = ['auth0|ann', 'google-oauth2|ann-g']
const lockOf = async (userId: string) => `lock:account:${await hash12(userId)}`
const openLocks = async (...userIds: string[]) => {
  const taken = await Promise.all(userIds.map(async (id) => memoryStore.isTaken(await lockOf(id))))
  return taken.map((isTaken) => !isTaken)
}

describe('withAccountLock', () => {
  it.each([[PAIR], [PAIR.toReversed()]])(
    'takes the locks of %j in the same order, for 20 seconds',
    async (userIds) => {
      const take = vi.spyOn(memoryStore, 'take')
      await withAccountLock(services(), userIds, async () => undefined)
      const expected = (await Promise.all(PAIR.map(lockOf))).sort()
      expect(take.mock.calls.map(([key, ttl]) => [key, ttl])).toEqual(expected.map((key) => [key, 20]))
    },
  )

  it('holds all locks during the work, and returns its result', async () => {
    const seen = await withAccountLock(services(), PAIR, () => openLocks(...PAIR))
    expect(seen).toEqual([false, false])
    expect(await openLocks(...PAIR)).toEqual([true, true])
  })

  it('runs one work at a time on an account, whatever the order of the accounts', async () => {
    const steps: string[] = []
    const work = (name: string) => async () => {
      steps.push(`${name} begins`)
      await sleep(20)
      steps.push(`${name} ends`)
    }
    await Promise.all([
      withAccountLock(services(), PAIR, work('a')),
      withAccountLock(services(), PAIR.toReversed(), work('b')),
      withAccountLock(services(), ['auth0|ann'], work('c')),
    ])
    for (let at = 0; at < steps.length; at += 2)
      expect(steps[at + 1]).toBe(steps[at]?.replace('begins', 'ends'))
    expect(steps).toHaveLength(6)
  })

  it('does not lock other accounts', async () => {
    const inside = await withAccountLock(services(), ['auth0|ann'], () =>
      withAccountLock(services(), ['auth0|bea'], async () => 'both'),
    )
    expect(inside).toBe('both')
  })

  it.each([0, 1])(
    'waits four seconds for a lock that is held, and holds none afterwards: lock %i',
    async (index) => {
      const held = (await Promise.all(PAIR.map(lockOf))).sort()[index] ?? ''
      await memoryStore.take(held, 60, 'someone else')
      const clock = vi.spyOn(performance, 'now')
      const started = performance.now()
      // The times that the clock returns: at the start, shortly before the end of the wait, and at its end.
      const looks = index === 0 ? [0, 3_999, 4_000] : [0, 0, 3_999, 4_000]
      for (const look of looks) clock.mockReturnValueOnce(started + look)
      const work = vi.fn()
      await expect(withAccountLock(services(), PAIR, work)).rejects.toMatchObject({
        name: 'Refused',
        code: 'busy',
      })
      expect(work).not.toHaveBeenCalled()
      expect(clock).toHaveBeenCalledTimes(looks.length + 1)
      await memoryStore.delete(held)
      expect(await openLocks(...PAIR)).toEqual([true, true])
    },
  )

  it('releases the locks if the work throws, and throws its error', async () => {
    await expect(
      withAccountLock(services(), PAIR, () => Promise.reject(new Error('of the work'))),
    ).rejects.toThrow('of the work')
    expect(await openLocks(...PAIR)).toEqual([true, true])
  })

  it('does no work if the store does not respond', async () => {
    vi.spyOn(memoryStore, 'take').mockRejectedValue(new LinkingError('store_unavailable'))
    const work = vi.fn()
    await expect(withAccountLock(services(), PAIR, work)).rejects.toMatchObject({ code: 'store_unavailable' })
    expect(work).not.toHaveBeenCalled()
  })
})
