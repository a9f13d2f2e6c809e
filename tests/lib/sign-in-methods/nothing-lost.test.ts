import { beforeEach, describe, expect, it } from 'vitest'
import { declineExpiry, hash12, NEVER, parseJournal, snapshotKeyOf } from '@/core'
import { connectAccount } from '@/lib/sign-in-methods/connect/connect'
import { planConnect } from '@/lib/sign-in-methods/connect/connect-plan'
import { disconnectAccount } from '@/lib/sign-in-methods/disconnect/disconnect'
import { planDisconnect } from '@/lib/sign-in-methods/disconnect/disconnect-plan'
import { repairAccount } from '@/lib/sign-in-methods/repair/repair-account'
import { anAccount } from '../../support/builders/accounts'
import { services } from '../../support/process/page-services'
import { aFlow, aSession, now } from './a-session'
import { aSnapshot } from './a-snapshot'
import { atTenant, LEAST_SCOPES } from './at-tenant'

const tenant = await atTenant()
const OTHER = 'google-oauth2|ann-g'
const NOTHING = { user_metadata: {}, app_metadata: {} }
const NO_NAMES = { user_metadata: [], app_metadata: [] }
const UNLINK = 'DELETE auth0|ann/identities/google-oauth2/ann-g'
beforeEach(() => tenant.grant(...LEAST_SCOPES))

async function connect(flow = aFlow()) {
  const plan = await planConnect(services(), services().managementApi(), aSession(), flow)
  return connectAccount(services(), aSession(), flow, plan?.digest ?? '')
}
const again = () => connect(aFlow({ handle: 'f'.repeat(16) }))
/** Reads the plan to disconnect an identity, and returns its target and digest. */
async function read(isUndo = false, userId = OTHER) {
  const target = { handle: await hash12(userId), isUndo }
  const plan = await planDisconnect(services(), services().managementApi(), aSession(), target)
  return { target, digest: plan?.digest ?? '' }
}
const disconnect = ({ target, digest }: Awaited<ReturnType<typeof read>>, isRemovalWanted = false) =>
  disconnectAccount(services(), aSession(), target, digest, isRemovalWanted)
/** Views the page some time later, which repairs the account. */
async function view() {
  tenant.mend()
  const snapshot = Object(tenant.user('auth0|ann').app_metadata[await snapshotKeyOf(OTHER)])
  snapshot.at -= 4000
  if (snapshot.returning) snapshot.returning.at -= 100
  await repairAccount(services(), await services().managementApi().getUser('auth0|ann'))
}
const everywhere = () => JSON.stringify([...tenant.state.users.values()])
const journal = () => parseJournal(tenant.user('auth0|ann')).map(({ event }) => event)
const refuseGiving = () =>
  tenant.play({ match: { method: 'PATCH', path: 'google' }, effect: { status: 400 } })

describe('metadata that is withheld from a restore', () => {
  beforeEach(() => {
    tenant.user(OTHER).app_metadata = { role: 'canary-role' }
  })

  it('is kept by a disconnect', async () => {
    await connect()
    await disconnect(await read())
    expect(tenant.user(OTHER).app_metadata).toEqual({})
    expect(everywhere()).toContain('canary-role')
  })

  it('is kept after an unlink by another program', async () => {
    await connect()
    await services()
      .managementApi()
      .unlinkIdentity('auth0|ann', { provider: 'google-oauth2', user_id: OTHER })
    await view()
    expect(tenant.user('auth0|ann').app_metadata).not.toHaveProperty(await snapshotKeyOf(OTHER))
    expect(everywhere()).toContain('canary-role')
  })

  it('is deleted after the undo period', async () => {
    await connect()
    await disconnect(await read())
    const held = `account_linking_held_${await hash12(OTHER)}`
    Object(tenant.user('auth0|ann').app_metadata[held]).at -= 30 * 86_400 - 5
    await view()
    expect(everywhere()).toContain('canary-role')
    Object(tenant.user('auth0|ann').app_metadata[held]).at -= 10
    await view()
    expect(everywhere()).not.toContain('canary-role')
  })
})

describe('a link', () => {
  it('is refused as busy while metadata still has to be restored', async () => {
    tenant.change('auth0|ann', { user_metadata: { canary: 'mine' } })
    tenant.change(OTHER, { user_metadata: { canary: 'kept-value' } })
    await connect()
    const plan = await read(true)
    refuseGiving()
    expect(await disconnect(plan)).toMatchObject({ isReturned: false })
    tenant.mend()
    await expect(again()).rejects.toMatchObject({ code: 'busy' })
    await view()
    expect(tenant.user(OTHER).user_metadata).toEqual({ canary: 'kept-value' })
    expect(await again()).toBeDefined()
    expect(everywhere()).toContain('kept-value')
  })

  it('does not end an account that still has metadata of another one to restore', async () => {
    await connect()
    const plan = await read()
    refuseGiving()
    await disconnect(plan)
    tenant.mend()
    // Ann's account, which stores the snapshot, would become part of Bea's.
    tenant.change('auth0|bea', { created_at: '2000-01-01T00:00:00.000Z', email_verified: true })
    const flow = aFlow({
      chosen: { connection: 'Username-Password-Authentication', provider: 'auth0' },
      proof: { userId: 'auth0|bea', email: 'bea@example.com', hasUsedMfa: true },
    })
    await expect(connect(flow)).rejects.toMatchObject({ code: 'busy' })
    expect(everywhere()).toContain('returning')
  })

  it('that failed can be made again, even with metadata of almost the maximum size', async () => {
    tenant.change(OTHER, { user_metadata: { essay: 'x'.repeat(2600) } })
    tenant.change('auth0|ann', { user_metadata: {} })
    tenant.play({ match: { method: 'POST', path: 'identities$' }, effect: { status: 403 } })
    await expect(connect()).rejects.toMatchObject({ code: 'missing_scope' })
    tenant.mend()
    expect(await connect()).toBeDefined()
  })

  it('removes what an earlier attempt copied if it does not copy that itself', async () => {
    tenant.play({ match: { method: 'POST', path: 'identities$' }, effect: { status: 403 } })
    await expect(connect()).rejects.toMatchObject({ code: 'missing_scope' })
    expect(tenant.user('auth0|ann').user_metadata).toHaveProperty('newsletter')
    tenant.mend()
    delete tenant.user(OTHER).user_metadata.newsletter
    await connect()
    await disconnect(await read(true))
    expect(tenant.user('auth0|ann').user_metadata).not.toHaveProperty('newsletter')
  })
})

describe('a disconnect', () => {
  it('keeps the two accounts from being offered to each other, even while it is in progress', async () => {
    await connect()
    const plan = await read()
    refuseGiving()
    await disconnect(plan)
    expect(
      await declineExpiry(anAccount({ ...tenant.user('auth0|ann') }), anAccount({ ...tenant.user(OTHER) })),
    ).toBe(NEVER)
  })

  it.each([
    ['what another program writes meanwhile', 'user_metadata', { newsletter: 'weekly' }],
    [
      'a decline that a login stores meanwhile',
      'app_metadata',
      { account_linking: { declined: { third: { until: 9e15, at: 1 } } } },
    ],
  ] as const)('keeps %s', async (_what, kind, written) => {
    await connect()
    const plan = await read()
    tenant.onCall((call) => {
      if (call === UNLINK) Object.assign(tenant.user('auth0|ann')[kind], written)
    })
    await disconnect(plan)
    expect(tenant.user('auth0|ann')[kind]).toMatchObject(written)
  })

  it.each([
    ['before the restore', UNLINK, true],
    ['and the other account ends meanwhile', `GET ${OTHER}`, false],
  ])('loses nothing if a login links the two again, %s', async (_when, at, isPending) => {
    await connect()
    const plan = await read(true)
    let calls = 0
    tenant.onCall((call) => {
      if (call !== at || calls++ > 0) return
      // The Action writes a snapshot of the still empty account, and then links it.
      const relinked = async () => {
        const app = tenant.user('auth0|ann').app_metadata
        Object.assign(app, await aSnapshot({ at: now(), kept: NOTHING, carried: NO_NAMES }))
        if (isPending) return
        tenant.state.users.delete(OTHER)
        tenant.attach('auth0|ann', {
          provider: 'google-oauth2',
          user_id: 'ann-g',
          connection: 'google-oauth2',
        })
      }
      pending = relinked()
    })
    let pending: Promise<void> | undefined
    await disconnect(plan)
    await pending
    const kept = Object(tenant.user('auth0|ann').app_metadata[await snapshotKeyOf(OTHER)]).kept
    expect(kept).toMatchObject({ user_metadata: { theme: 'light' }, app_metadata: { plan: 'free' } })
  })

  it('emits its event, and restores metadata later, if the write for a second link fails', async () => {
    await connect()
    const plan = await read(true)
    let pending: Promise<void> | undefined
    tenant.onCall((call) => {
      if (call !== UNLINK) return
      const relink = async () => {
        const again = await aSnapshot({ at: now(), kept: NOTHING, carried: NO_NAMES })
        Object.assign(tenant.user('auth0|ann').app_metadata, again)
      }
      pending = relink()
      tenant.play({ match: { method: 'PATCH', path: 'auth0' }, effect: { status: 400 } })
    })
    expect(await disconnect(plan)).toMatchObject({ isReturned: false })
    await pending
    expect(tenant.told()).toContain('account.restored')
  })

  it('of an identity linked by another program is recorded, even if the other account cannot be read', async () => {
    tenant.attach('auth0|ann', { provider: 'github', user_id: '7', connection: 'github' })
    const plan = await read(false, 'github|7')
    tenant.play({ match: { method: 'GET', path: 'github' }, effect: { status: 400 } })
    await disconnect(plan)
    expect(journal()).toEqual(['unlinked'])
  })

  it('with a removal whose record fails is recorded later', async () => {
    await connect()
    tenant.grant(...LEAST_SCOPES, 'delete:users')
    const plan = await read()
    tenant.onCall((call) => {
      if (call === `DELETE ${OTHER}`) tenant.play({ match: { method: 'PATCH' }, effect: { status: 400 } })
    })
    expect(await disconnect(plan, true)).toMatchObject({ isRemoved: true, isReturned: true })
    expect(tenant.state.users.has(OTHER)).toBe(false)
    expect(journal()).toEqual([])
    tenant.onCall(() => undefined)
    await view()
    expect(journal()).toEqual(['linked', 'unlinked'])
    expect(tenant.user('auth0|ann').app_metadata).not.toHaveProperty(await snapshotKeyOf(OTHER))
  })
})
