import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { genuine, sign, tokenOf } from '../../../campaigns/token-mutation/genuine'
import { judge } from '../../../campaigns/token-mutation/judge'
import { expectedVerdict, REFUSED } from '../../../campaigns/token-mutation/model'
import { mutants } from '../../../campaigns/token-mutation/mutants'
import { RESPELLINGS } from '../../../campaigns/token-mutation/text-mutations'
import { ENVIRONMENT, WORLD } from '../../../campaigns/token-mutation/world'

const SEED = 20_260_101
const runs = (numRuns: number) => ({ seed: SEED, numRuns })
const outcomeOf = (door: keyof typeof REFUSED, token: string) => expectedVerdict(WORLD, door, token).outcome

beforeAll(() => {
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value)
  vi.useFakeTimers({ toFake: ['Date'], now: WORLD.now * 1000 })
})
afterAll(() => {
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

describe('a mutated token', () => {
  it('is accepted or refused exactly as the documents say', async () => {
    await fc.assert(
      fc.asyncProperty(mutants(WORLD), async (mutant) => {
        expect(await judge(mutant)).toMatchObject({ finding: 'right' })
      }),
      runs(2_000),
    )
  }, 60_000)

  it('has the replay key of the genuine token, however its signature is encoded', async () => {
    const respelled = fc
      .tuple(genuine(WORLD), fc.constantFrom(...Object.values(RESPELLINGS)), fc.nat(), fc.nat())
      .filter(([{ door }]) => door === 'link')
      .map(([one, respell, a, b]) => {
        const [header, payload, signature = ''] = tokenOf(one).split('.')
        return { token: tokenOf(one), other: `${header}.${payload}.${respell(signature, a, b)}` }
      })
    let taken = 0
    await fc.assert(
      fc.asyncProperty(respelled, async ({ token, other }) => {
        const [first, second] = await Promise.all(
          [token, other].map((one) => judge({ door: 'link', kind: '', what: '', token: one })),
        )
        if (second?.actual.outcome === 'bad') return
        taken++
        expect(second?.actual.facts?.replay).toBe(first?.actual.facts?.replay)
      }),
      runs(500),
    )
    expect(taken).toBeGreaterThan(50)
  }, 60_000)
})

describe('the model of which tokens are accepted', () => {
  it('accepts every genuine token', () => {
    fc.assert(
      fc.property(genuine(WORLD), (one) => {
        expect(['valid', 'nothing', 'declined', 'link']).toContain(outcomeOf(one.door, tokenOf(one)))
      }),
      runs(500),
    )
  })

  it.each(['another key', 'algorithm'])(
    'refuses every token of the kind "%s"',
    (name) => {
      const ofKind = mutants(WORLD).filter(({ kind }) => kind === name)
      fc.assert(
        fc.property(ofKind, ({ door, token }) => outcomeOf(door, token) === REFUSED[door]),
        runs(300),
      )
    },
    60_000,
  )

  it('refuses a token if any bit of it was flipped', () => {
    const flipped = fc
      .tuple(genuine(WORLD), fc.nat({ max: 2 }), fc.nat(), fc.nat({ max: 7 }))
      .map(([one, part, at, bit]) => {
        const parts = tokenOf(one)
          .split('.')
          .map((text) => Buffer.from(text, 'base64url'))
        const bytes = parts[part] ?? Buffer.alloc(0)
        const index = at % bytes.length
        bytes.writeUInt8(bytes.readUInt8(index) ^ (1 << bit), index)
        return { door: one.door, token: parts.map((text) => text.toString('base64url')).join('.') }
      })
    fc.assert(
      fc.property(flipped, ({ door, token }) => outcomeOf(door, token) === REFUSED[door]),
      runs(500),
    )
  })

  it.each([
    ['link', 'continue'],
    ['continue', 'link'],
    ['finish', 'link'],
  ] as const)('refuses at %s a token that was made for %s', (door, other) => {
    const made = genuine(WORLD).filter((one) => one.door === other)
    fc.assert(
      fc.property(made, (one) => outcomeOf(door, tokenOf(one)) === REFUSED[door]),
      runs(100),
    )
  })

  it.each([
    ['no exp', { exp: undefined }, 'bad_token'],
    ['a text as exp', { exp: '1800000060' }, 'bad_token'],
    ['a life of 901 s', { iat: WORLD.now, exp: WORLD.now + 901 }, 'bad_token'],
    ['an exp 6 s ago', { iat: WORLD.now - 60, exp: WORLD.now - 6 }, 'expired'],
    ['an exp 5 s ago', { iat: WORLD.now - 60, exp: WORLD.now - 5 }, 'valid'],
    ['another tenant', { iss: 'tenant.example.com' }, 'bad'],
    ['another current account', { current_identity: WORLD.candidates[0] }, 'bad_token'],
    ['the purpose of a response token', { purpose: 'account-link.result' }, 'bad'],
  ])('judges a session token with %s: %s', (_what, claims, outcome) => {
    const [one] = fc.sample(
      genuine(WORLD).filter(({ door }) => door === 'link'),
      runs(1),
    )
    expect(outcomeOf('link', sign({ ...one?.claims, ...claims }, WORLD.secret))).toBe(outcome)
  })
})

describe('a seed of the generator', () => {
  it('produces the same tokens each time', () => {
    expect(fc.sample(mutants(WORLD), runs(200))).toEqual(fc.sample(mutants(WORLD), runs(200)))
    expect(fc.sample(mutants(WORLD), runs(200))).not.toEqual(
      fc.sample(mutants(WORLD), { seed: SEED + 1, numRuns: 200 }),
    )
  })
})
