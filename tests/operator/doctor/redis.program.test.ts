import { afterAll, describe, expect, it } from 'vitest'
import { readRedisFacts } from '@/operator/doctor/redis'
import { startRedis } from '../../support/flow/redis'

const PASSWORD = 'canary: p@ss/word'
const redis = await startRedis(['--maxmemory-policy', 'volatile-lru', '--requirepass', PASSWORD])
afterAll(redis.stop)

describe('readRedisFacts', () => {
  it('reads the version, and which keys the server evicts when memory is full', async () => {
    const url = redis.url.replace('//', `//:${encodeURIComponent(PASSWORD)}@`)
    expect(await readRedisFacts(url)).toEqual({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      policy: 'volatile-lru',
    })
  })

  it.each([
    ['that asks for a password', redis.url],
    ['that refuses the connection', 'redis://127.0.0.1:1'],
  ])('returns undefined for a server %s', async (_what, url) => {
    expect(await readRedisFacts(url)).toBeUndefined()
  })
})
