import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { examineService } from '@/operator/doctor/service'
import { healthy } from './healthy'

const MINUTE = 60_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it.each<[string, Response | undefined, object]>([
  [
    'a redirect to the tenant',
    new Response(null, { status: 302, headers: { location: 'https://t.example/a' } }),
    { url: new URL('https://t.example/a') },
  ],
  ['no response', undefined, { status: undefined }],
  ['a document', new Response('Domain cannot contain ports', { status: 500 }), { status: 500 }],
  ['a redirect without an address', new Response(null, { status: 302 }), { status: 302 }],
  [
    'a redirect to itself',
    new Response(null, { status: 307, headers: { location: '/error' } }),
    { status: 307 },
  ],
  [
    'a document with an address',
    new Response('', { headers: { location: 'https://t.example/a' } }),
    { status: 200 },
  ],
])('tells a working sign-in from a broken one: %s', async (_what, answer, login) => {
  vi.stubGlobal('fetch', async (url: string) => {
    if (!url.endsWith('/auth/login')) return Response.json({ offer: true })
    if (!answer) throw new TypeError('fetch failed')
    return answer
  })
  expect((await examineService(healthy().config))?.login).toMatchObject(login)
})

it.each([
  [{ status: 'ready' }, [], []],
  [{ status: 'ready', warnings: ['step_up_without_factor'] }, [], ['step_up_without_factor']],
  [{ status: 'not_ready', down: ['redis'], warnings: 5 }, ['redis'], []],
  [null, [], []],
])('reads from %j which dependencies are down, and the warnings', async (body, down, warnings) => {
  vi.stubGlobal('fetch', async (url: string) =>
    Response.json(url.endsWith('/readyz') ? body : { offer: true }),
  )
  expect(await examineService(healthy().config)).toMatchObject({ down, warnings })
})

it("reads the service's clock at the time of the answer, however long the other requests take", async () => {
  vi.stubGlobal('fetch', async (url: string) => {
    if (!url.endsWith('/healthz')) vi.setSystemTime(Date.now() + MINUTE)
    return Response.json({ offer: true }, { headers: { date: new Date().toUTCString() } })
  })
  expect(await examineService(healthy().config)).toMatchObject({ isOffering: true, clock: 0 })
})
