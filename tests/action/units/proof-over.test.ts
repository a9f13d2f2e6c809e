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
/** Calls it with the two accounts in both orders, which must not matter. */
const isOver = async (
  users: Parameters<typeof isProofOutdated>[0],
  provenAt: number | undefined = PROVEN,
): Promise<boolean> => {
  const one = await isProofOutdated(users, OFFERED, provenAt)
  expect(await isProofOutdated([...users].reverse(), OFFERED, provenAt)).toBe(one)
  return one
}

describe('isProofOutdated', () => {
  it('is false if nothing was unlinked from either account', async () => {
    expect(await isOver([ann(), hub()])).toBe(false)
    expect(await isProofOutdated([ann(), hub(undefined)], OFFERED, undefined)).toBe(false)
  })

  // The journal dates an unlink one second late.
  it.each([
    [PROVEN, false],
    [PROVEN + 1, false],
    [PROVEN + 2, true],
  ])(
    'after an unlink of another identity that ended the sign-ins before the second %i: %s',
    async (before, expected) => {
      const journal = [await entry({ at: OFFERED - 60, before }, 'github|other')]
      expect(await isOver([ann(journal), hub()])).toBe(expected)
      // A response token without the time of the proof.
      expect(await isProofOutdated([ann(journal), hub()], OFFERED, undefined)).toBe(false)
    },
  )

  it.each([
    [PROVEN - 1, false],
    [PROVEN, false],
    [PROVEN + 1, true],
  ])('if one account is a new user since %i: %s', async (created, expected) => {
    expect(await isOver([ann(), hub(dateOf(created))])).toBe(expected)
    expect(await isProofOutdated([ann(), hub(dateOf(created))], OFFERED, undefined)).toBe(false)
  })

  it.each<[string, Partial<JournalEntry>, string, boolean]>([
    ['the pair was unlinked after the offer', { at: OFFERED + 1 }, HUB, true],
    ['the pair was unlinked in the second of the offer', { at: OFFERED }, HUB, true],
    ['the pair was unlinked before the offer', { at: OFFERED - 1 }, HUB, false],
    ['the other account was restored', { event: 'restored' }, HUB, true],
    ['the pair was linked', { event: 'linked' }, HUB, false],
    ['another identity was unlinked', {}, 'github|other', false],
    ['the account was unlinked from another one', {}, ANN, true],
  ])('if the journal says that %s', async (_what, fields, identity, expected) => {
    const users = [ann([await entry(fields, identity)]), hub()]
    expect(await isOver(users)).toBe(expected)
    expect(await isProofOutdated(users, OFFERED, undefined)).toBe(expected)
  })
})
