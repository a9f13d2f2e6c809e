import { describe, expect, it } from 'vitest'
import { isClientSecretAccepted } from '@/operator/doctor/client-secret'
import { aTenant } from '../../support/tenant/tenant'

const { loginOrigin, state } = await aTenant()

describe('isClientSecretAccepted', () => {
  it('tells the right secret from a wrong one, and returns undefined without an answer', async () => {
    const ask = (secret: string, origin = loginOrigin) =>
      isClientSecretAccepted(origin, { id: 'linking', secret })
    expect(await ask(state.clients.get('linking')?.client_secret ?? '')).toBe(true)
    expect(await ask('another')).toBe(false)
    expect(await ask('another', 'http://localhost:9')).toBeUndefined()
  })
})
