import { describe, expect, it } from 'vitest'
import { isProofOutdated } from '@/action/proof-over'
import { addToJournal, hash12, type JournalEntry } from '@/core'
import { aUser } from '../../support/builders/users'

const OFFERED = 1_800_000_000
const PROVEN = OFFERED + 30
const [ANN, HUB] = ['auth0|ann', 'github|hub']
const LONG_AGO = '2020-01-01T00:00:00.000Z'
const dateOf = (seconds: number) => new Date(seconds * 1_000).toISOString()

const ann = (journal: JournalEntry[] = []) => {
  const app_metadata = { account_linking_journal: addToJournal({ app_metadata: {} }, journal) }
  return aUser({ user_id: ANN, created_at: LONG_AGO, app_metadata })
}
const hub = (created_at: string | undefined = LONG_AGO) => aUser({ user_id: HUB, created_at })
const entry = async (fields: Partial<JournalEntry> = {}, identity = HUB): Promise<JournalEntry> => ({
  ...{ event: 'unlinked', at: OFFERED, identity: await hash12(identity), provider: 'github' },
  ...{ way: 'settings', client: 'Shop', ...fields },
})
/** Asked with the two accounts in either order, which makes no difference. */
const isOver = async (
  users: Parameters<typeof isProofOutdated>[0],
  provenAt: number | undefined = PROVEN,
): Promise<boolean> => {
  const one = await isProofOutdated(users, OFFERED, provenAt)
  expect(await isProofOutdated([...users].reverse(), OFFERED, provenAt)).toBe(one)
  return one
}

describe('isProofOutdated', () => {
  it('is false of two accounts that nothing was taken out of', async () => {
    expect(await isOver([ann(), hub()])).toBe(false)
    expect(await isProofOutdated([ann(), hub(undefined)], OFFERED, undefined)).toBe(false)
  })

  // An unlink is noted as the second after it.
  it.each([
    [PROVEN, false],
    [PROVEN + 1, false],
    [PROVEN + 2, true],
  ])(
    'after anything was taken out of one of them, with sign-ins before %i over: %s',
    async (before, expected) => {
      const journal = [await entry({ at: OFFERED - 60, before }, 'github|other')]
      expect(await isOver([ann(journal), hub()])).toBe(expected)
      // An answer that does not say when.
      expect(await isProofOutdated([ann(journal), hub()], OFFERED, undefined)).toBe(false)
    },
  )

  it.each([
    [PROVEN - 1, false],
    [PROVEN, false],
    [PROVEN + 1, true],
  ])('if one of them is a new user since %i: %s', async (created, expected) => {
    expect(await isOver([ann(), hub(dateOf(created))])).toBe(expected)
    expect(await isProofOutdated([ann(), hub(dateOf(created))], OFFERED, undefined)).toBe(false)
  })

  it.each<[string, Partial<JournalEntry>, string, boolean]>([
    ['the pair was taken apart since', { at: OFFERED + 1 }, HUB, true],
    ['the pair was taken apart in the second of the offer', { at: OFFERED }, HUB, true],
    ['the pair was taken apart before', { at: OFFERED - 1 }, HUB, false],
    ['the other one was given back', { event: 'restored' }, HUB, true],
    ['the pair was linked', { event: 'linked' }, HUB, false],
    ['another identity was taken out', {}, 'github|other', false],
    ['the account itself was taken out of another one', {}, ANN, true],
  ])('if the journal says that %s', async (_what, fields, identity, expected) => {
    const users = [ann([await entry(fields, identity)]), hub()]
    expect(await isOver(users)).toBe(expected)
    expect(await isProofOutdated(users, OFFERED, undefined)).toBe(expected)
  })
})
