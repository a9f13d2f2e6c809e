import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decideOffer, decidePair, type LinkProof } from '@/core'
import { aPolicy, aUser, type UserFields } from '../../support/builders/users'
import { Accounts } from './arbitrary-accounts'

const PROOF: LinkProof = { way: 'operator', client_id: 'x'.repeat(32), client_name: 'x'.repeat(30) }
const NOW = 1_800_000_000
const POLICY = aPolicy({ appMetadataKeys: ['plan'], refuseKeys: ['suspended'], provisioned: ['samlp:acme'] })

it('decidePair decides as a login does', async () => {
  await fc.assert(
    fc.asyncProperty(Accounts, async ([one, other = one]) => {
      if (!one || !other) return
      const { rights: _rights, ...expected } = await decideOffer(one, other, POLICY, NOW, PROOF)
      expect(await decidePair(one, other, POLICY, NOW, PROOF)).toEqual(expected)
    }),
    { numRuns: 500 },
  )
})

it.each<[string, UserFields, string]>([
  ['metadata that is too large', { user_metadata: { essay: 'x'.repeat(60_000) } }, 'metadata_too_large'],
  ['rights that may not be lost', { rights: { roles: { rol_1: 'Admin' } } }, 'roles_lost'],
])('decidePair refuses an account with %s', async (_what, fields, reason) => {
  const one = aUser({
    user_id: 'auth0|1',
    created_at: '2019-01-01T00:00:00.000Z',
    rights: { roles: { rol_2: 'Reader' } },
  })
  const other = aUser({ user_id: 'github|2', rights: { roles: {} }, ...fields })
  const policy = aPolicy({ roles: 'refuse' })
  expect(await decidePair(one, other, policy, NOW, PROOF)).toMatchObject({ reason })
  const small = aUser({ user_id: 'github|2', rights: { roles: {} } })
  expect(await decidePair(one, small, policy, NOW, PROOF)).toMatchObject({ stays: 'current' })
})

it('a small account whose metadata names grow most by encoding is not too large to link', async () => {
  const [one, other] = [1, 2].map((n) => ({
    ...fc.sample(Accounts, { seed: 1, numRuns: 1 })[0]?.[0],
    user_id: `auth0|${n}`,
    email: 'ann@example.com',
    email_verified: true,
    blocked: false,
    identities: [{ user_id: `auth0|${n}`, provider: 'auth0', connection: 'db' }],
    user_metadata: Object.fromEntries(
      Array.from({ length: 40 }, (_each, at) => [`${'.'.repeat(14)}${at}`, 0]),
    ),
    app_metadata: {},
    bytes: 800,
  }))
  if (!one || !other) throw new Error('no accounts')
  const { stays } = await decideOffer(one, other, POLICY, NOW, PROOF)
  expect(stays).toBeDefined()
})
