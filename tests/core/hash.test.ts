import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hash12 } from '@/core'

describe('hash12', () => {
  it.each(['', 'auth0|1', 'é€😀'])('is the beginning of the SHA-256 of %j', async (text) => {
    expect(await hash12(text)).toBe(createHash('sha256').update(text).digest('hex').slice(0, 12))
  })
})
