import { describe, expect, it } from 'vitest'
import { parseConfig } from '@/lib/config/config'
import { isRedisUrl } from '@/lib/config/redis-url'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'

describe('isRedisUrl', () => {
  it.each([
    'redis://localhost',
    'redis://localhost:6379/2',
    'redis://:p%40ss@10.0.0.5:6379',
    'rediss://default:password@eu1-example-12345.upstash.io:6379',
    'rediss://[::1]:6380/',
  ])('accepts %s', (value) => {
    expect(isRedisUrl(value)).toBe(true)
  })

  it.each([
    'localhost:6379',
    'https://eu1-example-12345.upstash.io',
    'redis://',
    'redis://localhost/cache',
    'redis://:100%@localhost',
    'redis://localhost:99999',
  ])('refuses %s', (value) => {
    expect(isRedisUrl(value)).toBe(false)
  })
})

describe('REDIS_URL', () => {
  it('is optional, and is refused without showing its value', () => {
    expect(parseConfig(APP_ENVIRONMENT)).toMatchObject({ config: { redisUrl: undefined } })
    const refused = parseConfig({ ...APP_ENVIRONMENT, REDIS_URL: 'https://:canary@localhost' })
    expect(refused).toEqual({
      problems: ['REDIS_URL must look like redis://host:6379 or rediss://:password@host:6379'],
    })
  })
})
