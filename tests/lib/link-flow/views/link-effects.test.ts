import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Services } from '@/lib/link-flow/services'
import type { FlowCandidate, LinkTransaction } from '@/lib/link-flow/transaction-shape'
import { linkEffects } from '@/lib/link-flow/views/link-effects'
import { en } from '@/lib/messages/en'
import { APP_ENVIRONMENT } from '../../../support/process/app-environment'
import { configure, services } from '../../../support/process/services'

const canEndAccess = vi.fn<Services['authorities']['canEndAccess']>()
const effectsOf = (transaction: LinkTransaction) => {
  const all = services()
  return linkEffects({ ...all, authorities: { ...all.authorities, canEndAccess } }, en, transaction)
}

const { effects } = en
const page = en.settings.title
/** A flow of our own Action, or of a published one if `transactionId` is missing. */
const flow = (transactionId?: string, ...candidates: Partial<FlowCandidate>[]) =>
  ({ transactionId, candidates: candidates.length > 0 ? candidates : [{}] }) as LinkTransaction

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1, 12) })
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  canEndAccess.mockResolvedValue(true)
})
afterEach(() => vi.useRealTimers())

describe('linkEffects', () => {
  it.each([
    [{}, effects.undo({ page, date: 'January 31, 2026' })],
    [{ undoPeriod: 86_400 }, effects.undo({ page, date: 'January 2, 2026' })],
    [{ undoPeriod: 0 }, effects.undoAlways({ page })],
  ])('state how long the link can be undone, with %j: %s', async (changes, expected) => {
    configure(changes)
    expect(await effectsOf(flow('t'))).toEqual([effects.ends, effects.devicesEnd, expected])
  })

  it('promise no undo if the page offers none', async () => {
    configure({ linkingAuthority: 'user', undoPeriod: 0 })
    expect(await effectsOf(flow('t'))).toEqual([effects.ends, effects.devicesEnd])
  })

  it('promise neither an undo nor an end of other sessions for a published Action', async () => {
    expect(await effectsOf(flow())).toEqual([effects.ends, effects.devices])
  })

  it.each<[string, FlowCandidate['rights'][], string | undefined]>([
    ['nothing if nothing is lost', [{ lost: [] }], undefined],
    [
      'each kind once',
      [{ lost: ['roles'] }, { lost: ['factors', 'roles'] }],
      en.rights.lostKinds({ kinds: `${en.rights.allRoles} and ${en.rights.factors}` }),
    ],
    ['all kinds if a candidate has no hint', [{ lost: [] }, undefined], effects.ends],
  ])('list %s of the rights that may be lost', async (_what, all, expected) => {
    const [first] = await effectsOf(flow('t', ...all.map((rights) => ({ ...(rights && { rights }) }))))
    expect(first).toBe(expected ?? effects.devicesEnd)
  })

  it('promise no end of other sessions if the scopes were not granted', async () => {
    canEndAccess.mockResolvedValue(false)
    expect(await effectsOf(flow('t'))).toContain(effects.devices)
  })
})
