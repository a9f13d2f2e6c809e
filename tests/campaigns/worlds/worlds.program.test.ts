import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { TenantState } from '@/local-tenant/state'
import { createSigner } from '@/local-tenant/tokens'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { arbitraryWorld } from './arbitrary-world'
import { callsOf, NOW, type Played, playWorld } from './play-world'

/** How many worlds are played: as many as take half a minute. `WORLDS=1000000` plays a million. */
const WORLDS = Number(process.env.WORLDS ?? 10_000)
const SEED = process.env.WORLDS_SEED

const { digest } = crypto.subtle

beforeAll(() => {
  // The same hash without another thread, which takes a fifth of the time. A mock would keep each call.
  crypto.subtle.digest = async (_sha256, data) =>
    new Uint8Array(
      createHash('sha256')
        .update(data as Uint8Array)
        .digest(),
    ).buffer
  for (const [name, value] of Object.entries(APP_ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1_000 })
})
afterAll(() => {
  crypto.subtle.digest = digest
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

describe('any two accounts', () => {
  it(`that are linked and separated again are as they were, in ${WORLDS} worlds`, async () => {
    const state = new TenantState(
      {
        ...{ loginOrigin: 'http://localhost:4400', canonicalOrigin: 'https://localhost:4401' },
        ...{ otherOrigin: 'http://127.0.0.1:4402', appOrigin: 'http://localhost:3000' },
        ...{ secrets: {}, actions: [] },
      },
      await createSigner(),
    )
    state.connections = ['auth0', 'google-oauth2', 'apple', 'email', 'samlp', 'github'].map((strategy) => ({
      ...{ id: `con_${strategy}`, strategy, options: {} },
      name: strategy === 'auth0' ? 'Username-Password-Authentication' : strategy,
      ...{ authentication: { active: true }, connected_accounts: { active: false } },
    }))
    const call = callsOf(state)
    const ends: Record<Played, number> = { 'not offered': 0, refused: 0, linked: 0 }
    await fc.assert(
      fc.asyncProperty(arbitraryWorld, async (world) => {
        ends[await playWorld(state, call, world)] += 1
      }),
      { numRuns: WORLDS, ...(SEED !== undefined && { seed: Number(SEED) }) },
    )
    // A world in which nothing is linked shows little, so a share of them must be linked.
    expect(ends.linked).toBeGreaterThan(WORLDS / 3)
    expect(ends.refused).toBeGreaterThan(WORLDS / 1_000)
    expect(ends['not offered']).toBeGreaterThan(WORLDS / 20)
  }, 7_200_000)
})
