import { beforeEach, describe, expect, it, vi } from 'vitest'
import { canEndAccess } from '@/lib/auth0/authority'
import type { LinkTransaction } from '@/lib/link-flow/transaction-shape'
import { linkEffects } from '@/lib/link-flow/views/link-effects'
import { en } from '@/lib/messages/en'
import { APP_ENVIRONMENT } from '../../../support/app-environment'
import { configure } from '../../sign-in-methods/configure'

vi.mock('@/lib/auth0/authority', () => ({ canEndAccess: vi.fn() }))

const { effects } = en
/** A flow of our own Action, or of a published one. */
const flow = (transactionId?: string) => ({ transactionId }) as LinkTransaction

beforeEach(() => {
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.mocked(canEndAccess).mockResolvedValue(true)
})

describe('linkEffects', () => {
  it.each([
    [{}, effects.undo({ days: 30 })],
    [{ undoPeriod: 86_400 }, effects.undo({ days: 1 })],
    [{ undoPeriod: 0 }, effects.undoAlways],
  ])('say how long it can be undone, configured as %j: %s', async (changes, expected) => {
    configure(changes)
    expect(await linkEffects(en, flow('t'))).toEqual([effects.ends, effects.devicesEnd, expected])
  })

  it('promise no undo where the page has none', async () => {
    configure({ linkingAuthority: 'user', undoPeriod: 0 })
    expect(await linkEffects(en, flow('t'))).toEqual([effects.ends, effects.devicesEnd])
  })

  it('promise neither an undo nor an end of other sessions for a published Action', async () => {
    expect(await linkEffects(en, flow())).toEqual([effects.ends, effects.devices])
  })

  it('promise no end of other sessions where that was not granted', async () => {
    vi.mocked(canEndAccess).mockResolvedValue(false)
    expect(await linkEffects(en, flow('t'))).toContain(effects.devices)
  })
})
