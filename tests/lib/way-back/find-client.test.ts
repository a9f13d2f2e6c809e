import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LinkingError } from '@/core/errors'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { findClient } from '@/lib/way-back/find-client'
import corpus from '../../campaigns/attack/lists/ways-back.json'
import { forgetProcessMemory } from '../../support/process/process-memory'

const readClient = vi.fn<(clientId: string, fields: string[]) => Promise<unknown>>()
const isGranted = vi.fn<(scope: string) => Promise<boolean>>()
const find = (clientId = 'shop') => findClient({ isGranted }, { readClient }, clientId)
const SECOND = 1_000
const MINUTE = 60 * SECOND

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
  forgetProcessMemory('way-back-clients')
  isGranted.mockReset().mockResolvedValue(true)
  readClient.mockReset().mockImplementation(async (client_id) => ({ client_id, ...corpus.client }))
  return () => vi.useRealTimers()
})
/** Counts the requests to the tenant during some work. */
async function callsOf(work: () => Promise<unknown>): Promise<number> {
  readClient.mockClear()
  await work()
  return readClient.mock.calls.length
}
const refuses = (error: Error) => readClient.mockRejectedValue(error)

describe('findClient', () => {
  it('requests the needed properties, and no others', async () => {
    expect(await find()).toMatchObject({ client: { name: 'Shop', isFirstParty: true, signsPeopleIn: true } })
    const [call] = readClient.mock.calls
    expect(call?.[0]).toBe('shop')
    expect(call?.[1]).toEqual(
      expect.arrayContaining(['name', 'is_first_party', 'app_type', ...Object.keys(corpus.client)]),
    )
    expect(call?.[1]).not.toContain('client_secret')
  })

  it('caches an application for ten minutes', async () => {
    await find()
    vi.advanceTimersByTime(10 * MINUTE - SECOND)
    expect(await callsOf(find)).toBe(0)
    vi.advanceTimersByTime(SECOND)
    expect(await callsOf(find)).toBe(1)
  })

  it('caches for one minute that an application does not exist', async () => {
    refuses(new ManagementApiError('not_found', 404))
    expect(await find()).toEqual({ ignored: 'client_unknown' })
    vi.advanceTimersByTime(MINUTE - SECOND)
    expect(await callsOf(find)).toBe(0)
    vi.advanceTimersByTime(SECOND)
    expect(await callsOf(find)).toBe(1)
  })

  it.each([
    ['no response', new ManagementApiError('tenant_unreachable')],
    ['a refusal', new ManagementApiError('management_failed', 429)],
    ['a missing scope', new ManagementApiError('missing_scope', 403)],
    ['an exhausted rate limit', new LinkingError('rate_limited')],
  ])('does not decide after %s, and requests again', async (_what, error) => {
    refuses(error)
    expect(await find()).toEqual({ ignored: 'client_unread' })
    expect(await callsOf(find)).toBe(1)
  })

  it('throws an unexpected error, and requests again', async () => {
    refuses(new TypeError('broken'))
    await expect(find()).rejects.toThrow('broken')
    await expect(find()).rejects.toThrow('broken')
    expect(readClient).toHaveBeenCalledTimes(2)
  })

  it('makes no request without read:clients', async () => {
    isGranted.mockResolvedValue(false)
    expect(await find()).toEqual({ ignored: 'scope_missing' })
    expect(isGranted).toHaveBeenCalledWith('read:clients')
    expect(readClient).not.toHaveBeenCalled()
  })

  it.each([[undefined], [{}], [{ client_id: 'shop' }], [{ client_id: 'shop', name: '\u200b ' }], ['x']])(
    'finds no application in %j',
    async (answer) => {
      readClient.mockResolvedValue(answer)
      expect(await find()).toEqual({ ignored: 'client_unknown' })
    },
  )

  it('returns a name without invisible characters, and shortened', async () => {
    readClient.mockResolvedValue({ client_id: 'shop', ...corpus.client, name: `a\u202eb${'c'.repeat(99)}` })
    expect((await find()).client?.name).toBe(`ab${'c'.repeat(45)}…`)
  })

  it('makes one request for simultaneous callers', async () => {
    expect(await callsOf(() => Promise.all([find(), find(), find('other'), find()]))).toBe(2)
  })

  it('caches 200 applications, and drops the one that was used longest ago', async () => {
    await find('first')
    for (let count = 1; count < 200; count += 1) await find(`client${count}`)
    expect(await callsOf(() => find('first'))).toBe(0)
    await find('one-more')
    expect(await callsOf(() => find('first'))).toBe(0)
    expect(await callsOf(() => find('client2'))).toBe(0)
    expect(await callsOf(() => find('client1'))).toBe(1)
  })
})
