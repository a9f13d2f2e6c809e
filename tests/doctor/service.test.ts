import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { lookAtService } from '@/doctor/service'
import { healthy } from './healthy'

const MINUTE = 60_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it.each([
  [{ status: 'ready' }, [], []],
  [{ status: 'ready', warnings: ['step_up_without_factor'] }, [], ['step_up_without_factor']],
  [{ status: 'not_ready', down: ['redis'], warnings: 5 }, ['redis'], []],
  [null, [], []],
])('reads from %j what is down, and what is to be looked at', async (body, down, warnings) => {
  vi.stubGlobal('fetch', async (url: string) =>
    Response.json(url.endsWith('/readyz') ? body : { offer: true }),
  )
  expect(await lookAtService(healthy().config)).toMatchObject({ down, warnings })
})

it('reads the clock of the service when it answers, however long the rest takes', async () => {
  vi.stubGlobal('fetch', async (url: string) => {
    if (!url.endsWith('/healthz')) vi.setSystemTime(Date.now() + MINUTE)
    return Response.json({ offer: true }, { headers: { date: new Date().toUTCString() } })
  })
  expect(await lookAtService(healthy().config)).toMatchObject({ isOffering: true, clock: 0 })
})
