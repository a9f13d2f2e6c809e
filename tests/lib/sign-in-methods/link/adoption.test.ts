import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type AdoptionStep, hash12, type SendAdoption, type Snapshot, snapshotKeyOf } from '@/core'
import { connectAccount } from '@/lib/sign-in-methods/connect/connect'
import { planConnect } from '@/lib/sign-in-methods/connect/connect-plan'
import { disconnectAccount } from '@/lib/sign-in-methods/disconnect/disconnect'
import { planDisconnect } from '@/lib/sign-in-methods/disconnect/disconnect-plan'
import { services as ofPage } from '../../../support/process/page-services'
import { aFlow, aSession } from '../a-session'
import { atTenant, LEAST_SCOPES } from '../at-tenant'

const tenant = await atTenant()
const OTHER = 'google-oauth2|ann-g'
const LINK = 'POST auth0|ann/identities'
const UNLINK = 'DELETE auth0|ann/identities/google-oauth2/ann-g'
const DATA = {
  ...{ adoption_id: expect.stringMatching(/^[\da-f]{32}$/), primary_user_id: 'auth0|ann' },
  ...{ secondary_user_id: OTHER, way: 'settings', client_id: 'demo-app' },
}
/** The writes at the tenant and the steps sent to the application, in order. */
const order: string[] = []
let refused: AdoptionStep[] = []
const adopt = vi.fn<SendAdoption>(async (step) => {
  order.push(step)
  return !refused.includes(step)
})
const services = () => ({ ...ofPage(), adopt })
beforeEach(() => {
  tenant.grant(...LEAST_SCOPES)
  tenant.onCall((call) => {
    if (!call.startsWith('GET')) order.push(call)
  })
  order.length = 0
  refused = []
  adopt.mockClear()
})

async function connect() {
  const plan = await planConnect(services(), services().managementApi(), aSession(), aFlow())
  order.length = 0
  return connectAccount(services(), aSession(), aFlow(), plan?.digest ?? '')
}
async function undo(given = services()) {
  const target = { handle: await hash12(OTHER), isUndo: true }
  const plan = await planDisconnect(given, given.managementApi(), aSession(), target)
  order.length = 0
  adopt.mockClear()
  return disconnectAccount(given, aSession(), target, plan?.digest ?? '', false)
}
const noted = async () =>
  (tenant.user('auth0|ann').app_metadata[await snapshotKeyOf(OTHER)] as unknown as Snapshot | undefined)
    ?.adoption

describe('connectAccount', () => {
  it('sends a prepare between snapshot and link and a commit afterwards, and records that', async () => {
    await connect()
    expect(order).toEqual(['PATCH auth0|ann', 'prepare', LINK, 'commit', 'PATCH auth0|ann'])
    expect(adopt.mock.calls.map(([, data]) => data)).toEqual([DATA, DATA])
    expect(await noted()).toEqual({ id: expect.any(String), ended: 'committed' })
  })

  it('makes no link that the application refuses', async () => {
    refused = ['prepare']
    await expect(connect()).rejects.toMatchObject({ code: 'adoption_refused' })
    expect(order).toEqual(['PATCH auth0|ann', 'prepare', 'abandon', 'PATCH auth0|ann'])
    expect(await noted()).toEqual({ id: expect.any(String), ended: 'abandoned' })
  })

  it('succeeds without a record if the application does not accept the commit', async () => {
    refused = ['commit']
    expect(await connect()).toBeDefined()
    expect(await noted()).toEqual({ id: expect.any(String) })
  })

  it('succeeds even if the confirmation cannot be recorded', async () => {
    tenant.play({ match: { method: 'PATCH', nth: 2 }, effect: { status: 400 } })
    expect(await connect()).toBeDefined()
    expect(await noted()).toEqual({ id: expect.any(String) })
  })

  it('sends neither commit nor abandon if it is unknown whether the link was made', async () => {
    tenant.onCall((call) => {
      if (!call.startsWith('GET')) order.push(call)
      if (call === LINK)
        tenant.play(
          { match: { method: 'POST' }, effect: { status: 503 } },
          { match: { method: 'GET' }, effect: { status: 400 } },
        )
    })
    await expect(connect()).rejects.toMatchObject({ code: 'outcome_unknown' })
    expect(order).toEqual(['PATCH auth0|ann', 'prepare', LINK])
    expect(await noted()).toEqual({ id: expect.any(String) })
  })
})

describe('disconnectAccount', () => {
  it.each<[string, AdoptionStep[]]>([
    ['sends a prepare before an undo and a commit before the snapshot is removed', []],
    ['continues even if the application refuses every step', ['prepare', 'commit']],
  ])('%s', async (_what, answers) => {
    await connect()
    const link = await noted()
    refused = answers
    expect(await undo()).toMatchObject({ isReturned: true })
    expect(order).toEqual([
      ...['PATCH auth0|ann', 'prepare', UNLINK, 'commit', `PATCH ${OTHER}`, 'PATCH auth0|ann'],
    ])
    const data = {
      ...DATA,
      adoption_id: expect.stringContaining(`${link?.id}-undo-`),
      undo: true,
      undoes: link?.id,
    }
    expect(adopt.mock.calls.map(([, sent]) => sent)).toEqual([data, data])
  })

  it('sends an abandon if the tenant refuses to unlink', async () => {
    await connect()
    tenant.play({ match: { method: 'DELETE' }, effect: { status: 400 } })
    await expect(undo()).rejects.toMatchObject({ code: 'management_failed' })
    expect(order).toEqual(['PATCH auth0|ann', 'prepare', UNLINK, 'PATCH auth0|ann', 'abandon'])
  })

  it('sends neither commit nor abandon if it is unknown whether the identity was unlinked', async () => {
    await connect()
    tenant.play(
      { match: { method: 'DELETE' }, effect: { status: 503 } },
      { match: { method: 'GET', path: '/users/auth0', nth: 3 }, effect: { status: 400 } },
    )
    await expect(undo()).rejects.toMatchObject({ code: 'outcome_unknown' })
    expect(order).toEqual(['PATCH auth0|ann', 'prepare', UNLINK])
  })

  it('sends an abandon if the identity is linked again', async () => {
    await connect()
    const databases = tenant.state.connections.filter(({ strategy }) => strategy === 'auth0')
    tenant.attach('auth0|ann', { provider: 'github', user_id: '7', connection: 'github' })
    const names = databases.map(({ name }) => name)
    tenant.state.connections = tenant.state.connections.filter(({ name }) => !names.includes(name))
    tenant.onCall((call) => {
      if (call === UNLINK) tenant.user('auth0|ann').identities.splice(2, 1)
    })
    await expect(undo()).rejects.toMatchObject({ code: 'last_way_in' })
    expect(order).toEqual(['prepare', 'abandon'])
  })

  it('sends no step for a link about which the application was not asked', async () => {
    const plan = await planConnect(ofPage(), ofPage().managementApi(), aSession(), aFlow())
    await connectAccount(ofPage(), aSession(), aFlow(), plan?.digest ?? '')
    await undo()
    expect(adopt).not.toHaveBeenCalled()
  })
})
