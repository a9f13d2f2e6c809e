import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { drainHere } from '@/lib/jobs/drain-here'
import { loadLibrary } from '@/lib/jobs/library'
import { createWorkServices } from '@/lib/sign-in-methods/account-work'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { testConfig } from '../../support/process/services'
import { aLog } from '../events/an-event'

beforeEach(() => {
  forgetProcessMemory('jobs-library', 'jobs-connection')
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

describe('drainHere', () => {
  it('accepts jobs at once, but starts the worker after a second, to leave the first response that time', async () => {
    const load = vi.fn().mockRejectedValue(new Error('not installed'))
    const log = aLog()
    drainHere(async () => createWorkServices(testConfig()), 'redis://127.0.0.1:1', load)
    await vi.advanceTimersByTimeAsync(999)
    expect(load).not.toHaveBeenCalled()
    await expect(loadLibrary()).rejects.toThrow('not installed')
    expect(log.lines()).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    // The process continues without BullMQ.
    expect(log.lines().map(({ event }) => event)).toEqual(['jobs_lost'])
  })
})
