import { beforeEach, describe, expect, it } from 'vitest'
import { snapshotKeyOf } from '@/core'
import { repairAccount } from '@/lib/sign-in-methods/repair/repair-account'
import { rightsReturnOf } from '@/lib/sign-in-methods/repair/return-rights'
import { snapshotOf } from '@/lib/sign-in-methods/snapshots'
import { rightsOf } from '@/local-tenant/rights'
import { LINKING_SCOPES } from '@/local-tenant/world/seed'
import { services } from '../../../support/process/page-services'
import { now } from '../a-session'
import { aSnapshot, GOOGLE } from '../a-snapshot'
import { atTenant } from '../at-tenant'

const tenant = await atTenant()
const OTHER = 'google-oauth2|ann-g'
const idOf = (name: string) => tenant.state.roles.find((role) => role.name === name)?.id ?? ''
const acme = () => tenant.state.brand.organizations.find(({ name }) => name === 'acme')?.id ?? ''
const held = (id: string) => rightsOf(tenant.user(id))
beforeEach(() => tenant.grant(...LINKING_SCOPES))

/** Changes Ann's account as a link does that kept these rights. `age`: of the link, in seconds. */
async function afterLink(rights: object, { isLinked = true, age = 5 } = {}) {
  const kept = { given: {}, dropped: {}, shared: {}, ...rights }
  const snapshot = await aSnapshot({ at: now() - age, rights: kept })
  Object.assign(tenant.user('auth0|ann').app_metadata, snapshot)
  if (isLinked) {
    tenant.state.users.delete(OTHER)
    tenant.attach('auth0|ann', { ...GOOGLE, connection: 'google-oauth2' })
  }
}
async function planned() {
  const api = services().managementApi()
  const account = await api.getUser('auth0|ann')
  return rightsReturnOf(services(), api, account, await snapshotOf(account, OTHER))
}

describe('rightsReturnOf', () => {
  it('makes no call if the link kept no rights', async () => {
    await afterLink({})
    const before = tenant.calls().length
    expect(await planned()).toMatchObject({ give: {}, take: {}, withheld: {} })
    // Only the read of the account itself.
    expect(tenant.calls().length - before).toBe(1)
  })

  it('restores a right that was given and is still held, and takes it from the primary account', async () => {
    held('auth0|ann').roles.push('editor')
    await afterLink({ given: { roles: [idOf('editor')] } })
    expect(await planned()).toMatchObject({
      give: { roles: [idOf('editor')] },
      take: { roles: [idOf('editor')] },
      withheld: {},
    })
  })

  it('does not restore a right that was removed since', async () => {
    await afterLink({ given: { roles: [idOf('editor')] }, shared: { roles: [idOf('billing')] } })
    expect(await planned()).toMatchObject({
      give: {},
      take: {},
      withheld: { roles: [idOf('editor'), idOf('billing')] },
    })
  })

  it('restores rights that were lost with the link, with their names, unless they no longer exist', async () => {
    await afterLink({ dropped: { roles: [idOf('editor'), 'rol_gone000000000000'] } })
    expect(await planned()).toMatchObject({
      give: { roles: [idOf('editor')] },
      withheld: { roles: ['rol_gone000000000000'] },
      names: { roles: { [idOf('editor')]: 'editor' } },
    })
  })

  it('cannot restore a factor', async () => {
    await afterLink({ dropped: { factors: ['passkey'] } })
    expect(await planned()).toMatchObject({ give: {}, withheld: { factors: ['passkey'] } })
  })

  it('restores no roles in an organization whose membership was removed since', async () => {
    const ids = [acme(), `${acme()} ${idOf('admin')}`]
    await afterLink({ given: { memberships: ids } })
    expect(await planned()).toMatchObject({ give: {}, take: {}, withheld: { memberships: ids } })
  })

  it.each(['read:organizations', 'create:organization_members', 'delete:organization_member_roles'])(
    'withholds memberships without %s, and takes none',
    async (missing) => {
      tenant.grant(...LINKING_SCOPES.filter((scope) => scope !== missing))
      held('auth0|ann').organizations.push({ name: 'acme', roles: [] })
      await afterLink({ given: { memberships: [acme()] } })
      expect(await planned()).toMatchObject({ give: {}, take: {}, withheld: { memberships: [acme()] } })
    },
  )
})

describe('two accounts that are linked to one and both had a role', () => {
  const GITHUB = 'github|bea-h'

  it('leave the role with the primary account until the last of them is unlinked', async () => {
    const editor = { roles: [idOf('editor')] }
    held('auth0|ann').roles.push('editor')
    await afterLink({ given: editor })
    const rights = { given: {}, dropped: {}, shared: editor }
    Object.assign(
      tenant.user('auth0|ann').app_metadata,
      await aSnapshot({ at: now() - 5, user_id: GITHUB, rights }),
    )
    tenant.state.users.delete(GITHUB)
    tenant.attach('auth0|ann', { provider: 'github', user_id: 'bea-h', connection: 'github' })

    const api = services().managementApi()
    const account = await api.getUser('auth0|ann')
    expect(await planned()).toMatchObject({ give: editor, take: {} })
    const { changedSnapshots } = await planned()
    expect(changedSnapshots).toMatchObject({
      [await snapshotKeyOf(GITHUB)]: { rights: { given: editor, shared: {} } },
    })
    const app_metadata = { ...account.app_metadata, ...changedSnapshots, [await snapshotKeyOf(OTHER)]: null }
    const after = { ...account, app_metadata }
    expect(await rightsReturnOf(services(), api, after, await snapshotOf(after, GITHUB))).toMatchObject({
      give: editor,
      take: editor,
    })
  })
})

describe('rights that were given for a link that was never made', () => {
  it.each([
    ['are left alone as long as a login can take', 39, ['editor']],
    ['are taken back after that', 41, []],
  ])('%s', async (_what, age, roles) => {
    held('auth0|ann').roles.push('editor')
    held(OTHER).roles = []
    await afterLink({ given: { roles: [idOf('editor')] } }, { isLinked: false, age })
    await repairAccount(services(), await services().managementApi().getUser('auth0|ann'))
    expect(held('auth0|ann').roles).toEqual(roles)
    // The secondary account lost the role before, and was never linked, so the role is not given to it.
    expect(held(OTHER).roles).toEqual([])
    expect(Object.keys(tenant.user('auth0|ann').app_metadata).includes(await snapshotKeyOf(OTHER))).toBe(
      roles.length > 0,
    )
  })
})

describe('a tenant that refuses to list roles despite the scope', () => {
  const forbidden = { match: { path: '/roles$', method: 'GET' }, effect: { status: 403 } }
  const repair = async () => repairAccount(services(), await services().managementApi().getUser('auth0|ann'))
  const isKept = async () => Object.hasOwn(tenant.user('auth0|ann').app_metadata, await snapshotKeyOf(OTHER))

  it.each([
    ['once does not cause a loss of rights: the next attempt takes them back', 1],
    ['for less than a day is called again', 2],
  ])('%s', async (_what, refusals) => {
    held('auth0|ann').roles.push('editor')
    await afterLink({ given: { roles: [idOf('editor')] } }, { isLinked: false, age: 60 })
    tenant.play({ ...forbidden, times: refusals })
    for (let tries = 0; tries < refusals; tries += 1) {
      await repair()
      expect([held('auth0|ann').roles, await isKept()]).toEqual([['editor'], true])
    }
    await repair()
    expect([held('auth0|ann').roles, await isKept()]).toEqual([[], false])
  })

  it('for a day is given up, and the rights stay where they are', async () => {
    held('auth0|ann').roles.push('editor')
    await afterLink({ given: { roles: [idOf('editor')] } }, { isLinked: false, age: 86_400 })
    tenant.play(forbidden)
    await repair()
    expect([held('auth0|ann').roles, await isKept()]).toEqual([['editor'], false])
  })

  it('is not expected to recover without the scope', async () => {
    tenant.grant(...LINKING_SCOPES.filter((scope) => scope !== 'read:roles'))
    await afterLink({ given: { roles: [idOf('editor')] } })
    expect(await planned()).toMatchObject({ withheld: { roles: [idOf('editor')] }, refusedKinds: [] })
  })
})
