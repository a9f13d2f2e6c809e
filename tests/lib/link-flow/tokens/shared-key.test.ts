import { describe, expect, it } from 'vitest'
import { sharedKey } from '@/lib/link-flow/tokens/shared-key'
import { services } from '../../../support/process/services'

const PREVIOUS = 'previous-shared-secret-0123456789abcdef'

describe('sharedKey', () => {
  it('is imported once, and cannot be exported', async () => {
    const key = await sharedKey(services(), 'current')
    expect(key).toMatchObject({ extractable: false, algorithm: { name: 'HMAC', hash: { name: 'SHA-256' } } })
    expect(await sharedKey(services(), 'current')).toBe(key)
  })

  it('is undefined for a secret that is not configured', async () => {
    expect(sharedKey(services(), 'previous')).toBeUndefined()
  })

  it('differs for the previous secret', async () => {
    const rotating = services({ SESSION_TOKEN_SHARED_SECRET_PREVIOUS: PREVIOUS })
    expect(await sharedKey(rotating, 'previous')).not.toBe(await sharedKey(rotating, 'current'))
  })
})
