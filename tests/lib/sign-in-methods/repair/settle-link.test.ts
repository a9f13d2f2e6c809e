import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Snapshot, snapshotKeyOf } from '@/core'
import { settleLink } from '@/lib/sign-in-methods/repair/settle-link'
import { rightsOf } from '@/local-tenant/rights'
import { LINKING_SCOPES } from '@/local-tenant/world/seed'
import { services } from '../../../support/process/page-services'
import { now } from '../a-session'
import { aSnapshot, GOOGLE } from '../a-snapshot'
import { atTenant } from '../at-tenant'

const tenant = await atTenant()
const [ANN, OTHER] = ['auth0|ann', 'google-oauth2|ann-g']
const rolesOf = (id: string) => rightsOf(tenant.user(id)).roles
beforeEach(() => tenant.grant(...LINKING_SCOPES))

const adopt = vi.fn(async () => true)
beforeEach(() => adopt.mockClear())
/** Runs the job for Ann's accounts. `ago`: when their link may have started, in seconds. */
const look = (ago: number, primaryId = ANN) =>
  settleLink({ ...services(), adopt }, { primaryId, secondaryId: OTHER, at: now() - ago })
/** Writes the snapshot of a link, `ago` seconds ago. */
async function noted(ago: number, fields: Record<string, unknown> = {}) {
  Object.assign(tenant.user(ANN).app_metadata, await aSnapshot({ at: now() - ago, ...fields }))
}
const stored = async () => tenant.user(ANN).app_metadata[await snapshotKeyOf(OTHER)] as Snapshot | undefined
function link() {
  tenant.state.users.delete(OTHER)
  tenant.attach(ANN, { ...GOOGLE, connection: 'google-oauth2' })
}
async function given(ago: number, fields: Record<string, unknown> = {}) {
  const editor = tenant.state.roles.find(({ name }) => name === 'editor')?.id ?? ''
  rightsOf(tenant.user(ANN)).roles.push('editor')
  await noted(ago, { rights: { given: { roles: [editor] }, dropped: {}, shared: {} }, ...fields })
}

describe('a link that was made', () => {
  it('is done after one attempt with one call', async () => {
    await given(50)
    link()
    const before = tenant.calls().length
    expect(await look(50)).toBe(true)
    expect(tenant.calls().slice(before)).toEqual([`GET ${ANN}`])
    expect(rolesOf(ANN)).toContain('editor')
  })

  it('is committed to the application, and is retried until that is recorded', async () => {
    await noted(50, { adoption: { id: 'a1' } })
    link()
    expect(await look(50)).toBe(false)
    expect(adopt.mock.calls).toMatchObject([['commit', { adoption_id: 'a1', primary_user_id: ANN }]])
    expect((await stored())?.adoption).toEqual({ id: 'a1', ended: 'committed' })
    expect(await look(60)).toBe(true)
    expect(adopt).toHaveBeenCalledTimes(1)
  })
})

describe('a link that was not made', () => {
  it('is left alone as long as a login can take, and then loses the rights that were given', async () => {
    const before = [...rolesOf(ANN)]
    await given(39)
    expect([await look(45), rolesOf(ANN)]).toEqual([false, [...before, 'editor']])
    await noted(41, { rights: (await stored())?.rights })
    expect([await look(50), rolesOf(ANN)]).toEqual([false, before])
    expect(await stored()).toBeUndefined()
  })

  it('has its adoption abandoned after 15 minutes', async () => {
    await noted(890, { adoption: { id: 'a1' } })
    expect([await look(900), adopt.mock.calls]).toEqual([false, []])
    await noted(901, { adoption: { id: 'a1' } })
    await look(910)
    expect(adopt.mock.calls).toMatchObject([['abandon', { adoption_id: 'a1' }]])
  })

  it('is done if no rights were given and no application was asked', async () => {
    await noted(50)
    expect(await look(50)).toBe(true)
    expect(await stored()).toBeDefined()
  })
})

describe('two accounts without a snapshot', () => {
  it.each([
    ['are checked again while a login may still start', 179, false],
    ['are done after that', 181, true],
  ])('%s', async (_what, ago, isDone) => {
    expect(await look(ago)).toBe(isDone)
  })

  it('are done if the primary account is deleted, and are checked again if the tenant does not respond', async () => {
    expect(await look(50, 'auth0|no-one')).toBe(true)
    tenant.play({ match: { method: 'GET' }, effect: { status: 500, body: {} } })
    expect(await look(500)).toBe(false)
  })
})

describe('an interrupted undo', () => {
  it('is left to a view of the page', async () => {
    await given(500, { returning: { at: now() - 100, undo: true }, adoption: { id: 'a1' } })
    expect(await look(500)).toBe(true)
    expect(adopt).not.toHaveBeenCalled()
    expect(rolesOf(ANN)).toContain('editor')
  })
})
