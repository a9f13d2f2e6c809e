import { describe, expect, it, vi } from 'vitest'
import {
  adoptionSteps,
  commitAdoptions,
  type LinkingUser,
  type Metadata,
  openCommits,
  parseSnapshot,
  prepareAdoption,
  prepareLink,
  type SendAdoption,
  type Snapshot,
  snapshotKeyOf,
  toAdoptionMessage,
} from '@/core'
import { aPolicy, aUser } from '../support/builders/users'

const NOW = 1_800_000_000
const PROOF = { way: 'login', client_id: 'demo-app', client_name: 'Demo App' }
const OTHER = 'github|7'
const KEY = await snapshotKeyOf(OTHER)
const PRIMARY = aUser({ user_id: 'auth0|1' })
const DATA = {
  adoption_id: 'a1',
  primary_user_id: 'auth0|1',
  secondary_user_id: OTHER,
  way: 'login',
  client_id: 'demo-app',
}
const aNote = (adoption: Snapshot['adoption'], more: object = {}): Metadata => ({
  [KEY]: { v: 2, at: NOW, user_id: OTHER, proof: PROOF, adoption, ...more } as unknown as Metadata,
})
const linkedWith = (app_metadata: Metadata): LinkingUser =>
  aUser({ user_id: 'auth0|1', linked: [OTHER], app_metadata })
const notesOf = (patch: ReturnType<typeof vi.fn>) =>
  patch.mock.calls.map(([, body]) => (body.app_metadata[KEY] as Snapshot).adoption)

describe('prepareAdoption', () => {
  const SECONDARY = aUser({ user_id: OTHER })
  const prepared = async (app_metadata: Metadata, more: object = {}) => {
    const primary = aUser({ user_id: 'auth0|1', app_metadata })
    const { reason, ...note } = await prepareAdoption({ ...primary, ...more }, SECONDARY, NOW, PROOF)
    return { reason, snapshot: parseSnapshot(Object(note).app_metadata?.[KEY]) }
  }

  it('writes the adoption that the Action would write, and nothing else', async () => {
    const own = await prepareLink(PRIMARY, SECONDARY, aPolicy(), NOW, PROOF, undefined, true)
    const adoption = parseSnapshot(own?.patch.app_metadata[KEY])?.adoption
    expect(adoption).toBeDefined()
    expect(await prepared({})).toEqual({
      reason: undefined,
      snapshot: { v: 2, at: NOW, user_id: OTHER, proof: PROOF, adoption },
    })
  })

  it('keeps the id for a retry, and creates another one after the adoption has ended', async () => {
    const id = (await prepared({})).snapshot?.adoption?.id ?? ''
    expect((await prepared(aNote({ id }))).snapshot?.adoption).toEqual({ id })
    expect((await prepared(aNote({ id, ended: 'abandoned' }))).snapshot?.adoption?.id).not.toBe(id)
  })

  it('keeps the metadata of an earlier snapshot, even one without a version', async () => {
    const kept = { user_metadata: { a: 1 }, app_metadata: { plan: 'free' } }
    const before = { at: 5, user_id: OTHER, proof: { way: 'x', client_id: 'y' }, kept }
    const { snapshot } = await prepared({ [KEY]: before })
    expect(snapshot).toMatchObject({ at: NOW, proof: PROOF, kept })
    expect(snapshot).not.toHaveProperty('v')
  })

  it('is refused while an earlier link is being undone, and if the profile would be too large', async () => {
    const returning = { at: NOW - 1, undo: true }
    expect(await prepared(aNote({ id: 'a1' }, { returning }))).toMatchObject({ reason: 'busy' })
    expect(await prepared({}, { bytes: 8_990 })).toMatchObject({ reason: 'metadata_too_large' })
    expect((await prepared({}, { bytes: 8_000 })).reason).toBeUndefined()
  })
})

describe('toAdoptionMessage', () => {
  const at = new Date('2026-11-29T09:00:00Z')

  it('has one id for all attempts to send a step, and an expiry time in a prepare', () => {
    const { id, body } = toAdoptionMessage('prepare', DATA, at)
    expect(id).toBe('a1.account.adoption.prepare')
    expect(JSON.parse(body)).toEqual({
      type: 'account.adoption.prepare',
      timestamp: '2026-11-29T09:00:00.000Z',
      data: { ...DATA, expires_at: '2026-11-29T09:15:00.000Z' },
    })
  })

  it.each(['commit', 'abandon'] as const)('has no expiry time in a %s', (step) => {
    expect(JSON.parse(toAdoptionMessage(step, DATA, at).body).data).toEqual(DATA)
  })
})

describe('the adoption in a snapshot', () => {
  const SECONDARY = { user_id: OTHER, created_at: '2025-01-01T00:00:00.000Z' }
  const idOf = async (app_metadata: Metadata = {}, secondary = SECONDARY, isAdopted = true) => {
    const primary = aUser({ user_id: 'auth0|1', app_metadata })
    const prepared = await prepareLink(
      ...([primary, aUser(secondary), aPolicy(), NOW, PROOF] as const),
      undefined,
      isAdopted,
    )
    return (prepared?.patch.app_metadata[KEY] as Snapshot | undefined)?.adoption
  }

  it('exists only if an application is asked', async () => {
    expect(await idOf({}, SECONDARY, false)).toBeUndefined()
    expect(await idOf()).toEqual({ id: expect.stringMatching(/^[\da-f]{32}$/) })
  })

  it('is the same for two simultaneous logins, and for an attempt after an interrupted one', async () => {
    expect(await idOf()).toEqual(await idOf())
    expect(await idOf(aNote({ id: 'begun' }))).toEqual({ id: 'begun' })
  })

  it('is a new one after it has ended, after an unlink, and for other accounts', async () => {
    const all = [
      await idOf(),
      await idOf(aNote({ id: 'begun', ended: 'abandoned' })),
      await idOf(aNote({ id: 'more', ended: 'abandoned' })),
      await idOf(aNote({ id: 'begun' }), { ...SECONDARY, created_at: '2028-01-01T00:00:00.000Z' }),
      await idOf({}, { ...SECONDARY, created_at: '2028-01-01T00:00:00.000Z' }),
    ].map((adoption) => adoption?.id)
    expect(new Set([...all, 'begun']).size).toBe(6)
  })
})

describe('adoptionSteps', () => {
  const some = (isTaken = true) => ({
    send: vi.fn(async () => isTaken),
    patch: vi.fn(async () => ({})),
    rights: { beforeLink: vi.fn(async () => undefined), ifNotLinked: vi.fn(async () => undefined) },
  })
  const steps = ({ send, patch, rights }: ReturnType<typeof some>, written = aNote({ id: 'a1' })) =>
    adoptionSteps(PRIMARY, written, rights, send, patch)

  it('asks the application before rights are given', async () => {
    const all = some()
    expect(await steps(all).beforeLink()).toBeUndefined()
    expect(all.send.mock.calls).toEqual([['prepare', DATA]])
    expect(all.send.mock.invocationCallOrder[0]).toBeLessThan(
      all.rights.beforeLink.mock.invocationCallOrder[0] ?? 0,
    )
  })

  it('refuses the link if the application does, and neither gives nor takes rights', async () => {
    const all = some(false)
    const { beforeLink, ifNotLinked } = steps(all)
    expect(await beforeLink()).toBe('adoption_refused')
    await ifNotLinked()
    expect(all.rights.beforeLink).not.toHaveBeenCalled()
    expect(all.rights.ifNotLinked).not.toHaveBeenCalled()
    expect(all.send.mock.calls).toEqual([
      ['prepare', DATA],
      ['abandon', DATA],
    ])
  })

  it('records that nothing was linked and takes the rights back, even if the abandon is not accepted', async () => {
    const all = some()
    const { beforeLink, ifNotLinked } = steps(all)
    await beforeLink()
    all.send.mockResolvedValue(false)
    await ifNotLinked()
    expect(all.rights.ifNotLinked).toHaveBeenCalledOnce()
    expect(notesOf(all.patch)).toEqual([{ id: 'a1', ended: 'abandoned' }])
  })

  it('sends the abandon even if the rights cannot be taken back', async () => {
    const all = some()
    all.rights.ifNotLinked.mockRejectedValue({ status: 500 })
    const { beforeLink, ifNotLinked } = steps(all)
    await beforeLink()
    await ifNotLinked()
    expect(all.send).toHaveBeenLastCalledWith('abandon', DATA)
  })

  it.each<[string, Metadata, SendAdoption | undefined]>([
    ['no application is asked', aNote({ id: 'a1' }), undefined],
    ['the snapshot has no adoption', aNote(undefined), async () => true],
    ['the adoption has ended', aNote({ id: 'a1', ended: 'committed' }), async () => true],
  ])('returns the steps unchanged if %s', (_what, written, send) => {
    const { rights, patch } = some()
    expect(adoptionSteps(PRIMARY, written, rights, send, patch)).toBe(rights)
  })
})

describe('commitAdoptions', () => {
  it('records that the application has confirmed', async () => {
    const [send, patch] = [vi.fn(async () => true), vi.fn(async () => ({}))]
    await commitAdoptions(async () => linkedWith(aNote({ id: 'a1' }, { own: 'x' })), send, patch)
    expect(send.mock.calls).toEqual([['commit', DATA]])
    expect(patch.mock.calls).toEqual([
      ['auth0|1', { app_metadata: aNote({ id: 'a1', ended: 'committed' }, { own: 'x' }) }],
    ])
  })

  it('records nothing and reads no more if the application does not confirm', async () => {
    const patch = vi.fn()
    const read = vi.fn(async () => linkedWith(aNote({ id: 'a1' })))
    await commitAdoptions(read, async () => false, patch)
    expect(patch).not.toHaveBeenCalled()
    expect(read).toHaveBeenCalledOnce()
  })

  it('records only those of several that the application confirms', async () => {
    const third = 'windowslive|3'
    const note = { v: 2, at: NOW, user_id: third, proof: PROOF, adoption: { id: 'a2' } }
    const app_metadata = { ...aNote({ id: 'a1' }), [await snapshotKeyOf(third)]: note }
    const user = aUser({ user_id: 'auth0|1', linked: [OTHER, third], app_metadata })
    const patch = vi.fn(async () => ({}))
    await commitAdoptions(
      async () => user,
      async (_step, { adoption_id }) => adoption_id === 'a1',
      patch,
    )
    expect(notesOf(patch)).toEqual([{ id: 'a1', ended: 'committed' }])
  })

  it('overwrites nothing that was written in the meantime', async () => {
    const patch = vi.fn()
    const read = vi.fn(async () => linkedWith(aNote({ id: 'a1' }, { returning: { at: NOW, undo: true } })))
    read.mockResolvedValueOnce(linkedWith(aNote({ id: 'a1' })))
    await commitAdoptions(read, async () => true, patch)
    expect(patch).not.toHaveBeenCalled()
  })
})

describe('openCommits', () => {
  it.each<[string, LinkingUser]>([
    ['that was not made', { ...PRIMARY, app_metadata: aNote({ id: 'a1' }) }],
    ['that the application has confirmed', linkedWith(aNote({ id: 'a1', ended: 'committed' }))],
    ['that is being undone', linkedWith(aNote({ id: 'a1' }, { returning: { at: NOW, undo: true } }))],
    ['that no application was asked about', linkedWith(aNote(undefined))],
    ['that is stored under a foreign key', linkedWith({ note: aNote({ id: 'a1' })[KEY] })],
  ])('contains no link %s', (_what, user) => {
    expect(openCommits(user)).toEqual([])
  })

  it('contains a link that was made', () => {
    expect(openCommits(linkedWith(aNote({ id: 'a1' }))).map(({ id }) => id)).toEqual(['a1'])
  })
})
