import { beforeEach, describe, expect, it, vi } from 'vitest'
import { hash12, snapshotKeyOf } from '@/core'
import type { Session } from '@/lib/session/session'
import { connectAccount } from '@/lib/sign-in-methods/connect/connect'
import { planConnect } from '@/lib/sign-in-methods/connect/connect-plan'
import { removeOrphanAccount } from '@/lib/sign-in-methods/connect/orphan-account'
import { disconnectAccount } from '@/lib/sign-in-methods/disconnect/disconnect'
import { planDisconnect } from '@/lib/sign-in-methods/disconnect/disconnect-plan'
import { historyOf } from '@/lib/sign-in-methods/history'
import { repairAccount } from '@/lib/sign-in-methods/repair/repair-account'
import { readOwnAccount } from '@/lib/sign-in-methods/session-account'
import { memoryStore } from '@/lib/store/memory-store'
import { configure, configurePolicy, services } from '../../support/process/page-services'
import { aFlow, aSession, now } from './a-session'
import { aSnapshot } from './a-snapshot'
import { atTenant, LEAST_SCOPES } from './at-tenant'

const tenant = await atTenant()
const OTHER = 'google-oauth2|ann-g'
const UNLINK = 'DELETE auth0|ann/identities/google-oauth2/ann-g'
beforeEach(() => tenant.grant(...LEAST_SCOPES))

async function connect(session = aSession(), flow = aFlow()) {
  const plan = await planConnect(services(), services().managementApi(), session, flow)
  return () => connectAccount(services(), session, flow, plan?.digest ?? '')
}
async function disconnect(session = aSession(), isUndo = false) {
  const target = { handle: await hash12(OTHER), isUndo }
  const plan = await planDisconnect(services(), services().managementApi(), session, target)
  return () => disconnectAccount(services(), session, target, plan?.digest ?? '', false)
}
const reading = (session: Session) => readOwnAccount(services().managementApi(), session)
const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)
/** Writes a journal entry as any program could. */
const note = (at: number) => {
  tenant.user('auth0|ann').app_metadata.account_linking_journal = {
    entries: [['unlinked', at, 'a', 'github', 'x', 'y']],
  }
}

describe('a person who signed in with an identity of another account', () => {
  it('has not proven that account, whatever its other identities are', async () => {
    const { provider, connection } = aFlow().chosen
    tenant.change('google-oauth2|bea-g', { email_verified: true })
    tenant.attach('google-oauth2|bea-g', { provider, user_id: 'another', connection })
    const flow = aFlow({ proof: { userId: 'google-oauth2|bea-g', hasUsedMfa: false } })
    await expect(planConnect(services(), services().managementApi(), aSession(), flow)).rejects.toMatchObject(
      {
        code: 'belongs_to_another',
      },
    )
  })

  it.each([
    [false, 'unverified'],
    [true, undefined],
  ])('may connect it only if its password has a verified address: %s', async (email_verified, code) => {
    tenant.attach(
      OTHER,
      { provider: 'auth0', user_id: 'late', connection: 'Username-Password-Authentication' },
      { email: 'ann@example.com', email_verified },
    )
    const plan = planConnect(services(), services().managementApi(), aSession(), aFlow())
    if (code) await expect(plan).rejects.toMatchObject({ code })
    else expect(await plan).toMatchObject({ stays: 'candidate' })
  })
})

describe('a session from before a change', () => {
  it('remains valid if it made the change itself, even if it sent the form twice', async () => {
    const session = aSession()
    pass(2)
    const form = await connect(session)
    const twice = await Promise.all([form(), form()])
    expect(twice.filter(Boolean)).toHaveLength(1)
    pass(2)
    expect(await reading(session)).toBeDefined()
    const undo = await disconnect(session)
    expect((await Promise.all([undo(), undo()])).filter(Boolean)).toHaveLength(1)
    expect(await reading(session)).toBeDefined()
  })

  it.each([{ sid: 'another-session' }, { sid: undefined }])('ends if another made it: %j', async (fields) => {
    const before = aSession({ ...fields, since: now() - 300 })
    await (await connect())()
    await expect(reading(before)).rejects.toMatchObject({ code: 'reauth_required' })
    // Neither a second change nor an interrupted one makes it valid again.
    pass(5)
    const undo = await disconnect(aSession())
    tenant.play({ match: { method: 'PATCH', path: 'google' }, effect: { status: 400 } })
    await undo()
    await expect(reading(before)).rejects.toMatchObject({ code: 'reauth_required' })
    await expect(reading(aSession({ ...fields, since: now() - 1 }))).rejects.toMatchObject({
      code: 'reauth_required',
    })
  })

  it('ends if only an earlier change was its own', async () => {
    const session = aSession()
    pass(2)
    await (await connect(session))()
    pass(2)
    await (await disconnect(aSession({ sid: 'another-session' })))()
    await expect(reading(session)).rejects.toMatchObject({ code: 'reauth_required' })
  })

  it('ends if a login links another account after its own change', async () => {
    const session = aSession()
    await (await connect(session))()
    pass(2)
    const github = { provider: 'github', user_id: '7', connection: 'github' }
    tenant.attach('auth0|ann', github)
    Object.assign(tenant.user('auth0|ann').app_metadata, await aSnapshot({ at: now(), user_id: 'github|7' }))
    await expect(reading(session)).rejects.toMatchObject({ code: 'reauth_required' })
  })
})

describe('times in metadata that another program wrote', () => {
  it.each([-1e300, -1e15, 0, 1e300, 8.65e12, 1.5])('cause no error: %d', async (at) => {
    note(at)
    const account = await reading(aSession({ since: 1 }))
    expect(await historyOf(account)).toEqual([])
  })

  it.each([
    [61, false],
    [59, true],
  ])('%d seconds ahead make a session invalid: %s', async (ahead, expected) => {
    note(now() + ahead)
    const outcome = await reading(aSession({ sid: 'x' })).then(
      () => false,
      () => true,
    )
    expect(outcome).toBe(expected)
  })

  it('in a snapshot of the account itself do not block its repair', async () => {
    tenant.user('auth0|ann').app_metadata[await snapshotKeyOf('auth0|ann')] = {
      ...{ at: 5, user_id: 'auth0|ann', proof: { way: 'x', client_id: 'y' } },
      kept: { user_metadata: {}, app_metadata: {} },
    }
    await repairAccount(services(), await services().managementApi().getUser('auth0|ann'))
    expect(tenant.logged()).toEqual([])
    expect(tenant.calls()).toContain('PATCH auth0|ann')
  })
})

describe("with the person's own token", () => {
  const ownSession = async () => aSession({ accessToken: await tenant.ownToken('auth0|ann') })

  it('no account of a provisioned connection is ended', async () => {
    configurePolicy({ provisioned: ['google-oauth2'] })
    configure({ linkingAuthority: 'user', connectConnections: ['google-oauth2'] })
    const seen = {
      email: 'ann@example.com',
      isEmailVerified: true,
      hasMfa: false,
      identities: [{ user_id: OTHER, provider: 'google-oauth2', connection: 'google-oauth2' }],
      fields: { user_metadata: [], app_metadata: [] },
    }
    const flow = aFlow({ proof: { userId: OTHER, hasUsedMfa: false, seen } })
    const plan = (async () => planConnect(services(), services().managementApi(), await ownSession(), flow))()
    await expect(plan).rejects.toMatchObject({ code: 'untrusted_connection' })
  })

  it('an unlinked identity is not linked again, and the unlink is emitted', async () => {
    await (await connect())()
    tenant.attach('auth0|ann', { provider: 'github', user_id: '7', connection: 'github' })
    configure({ linkingAuthority: 'user', connectConnections: ['google-oauth2', 'github'] })
    const form = await disconnect(await ownSession())
    // Another tab unlinks the other identity at the same time.
    tenant.onCall((call) => {
      if (call === UNLINK) tenant.user('auth0|ann').identities.splice(2, 1)
    })
    expect(await form()).toBeDefined()
    expect(tenant.identities('auth0|ann')).toEqual(['auth0|ann'])
    expect(tenant.told()).toContain('account.unlinked')
  })
})

describe('the removal of an account that a sign-in has created', () => {
  it('waits for a link of that account, and then throws busy', async () => {
    tenant.grant(...LEAST_SCOPES, 'delete:users')
    tenant.state.createUser({
      user_id: 'github|new',
      created_at: new Date().toISOString(),
      identities: [{ provider: 'github', user_id: 'new', connection: 'github' }],
    })
    await memoryStore.take(`lock:account:${await hash12('github|new')}`, 60, 'a link')
    let look = 0
    vi.spyOn(performance, 'now').mockImplementation(() => 3000 * ++look)
    await expect(
      removeOrphanAccount(services(), services().managementApi(), aFlow({ born: 'github|new' })),
    ).rejects.toMatchObject({
      code: 'busy',
    })
    expect(tenant.state.users.has('github|new')).toBe(true)
  })
})
