import { beforeEach, describe, expect, it } from 'vitest'
import { exportWorld } from '@/local-tenant/world/export-world'
import { KINDS } from '@/local-tenant/world/fill-kinds'
import { World } from '@/local-tenant/world/world'
import { aManagementApi } from '../support/tenant/management-calls'

const tenant = await aManagementApi()

beforeEach(() => tenant.state.reset({ users: [] }))

const fill = (body: unknown) => tenant.call('POST', '/_tenant/fill', { body })

const users = () => [...tenant.state.users.values()]

/** Groups users by their trimmed address with A to Z in lower case, as the counts in the response of `fill` do. */
function groupsOf(found = users()) {
  const groups = new Map<string, typeof found>()
  for (const user of found) {
    const key = user.email?.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase()) ?? ''
    if (key !== '') groups.set(key, [...(groups.get(key) ?? []), user])
  }
  return [...groups.values()].filter(({ length }) => length > 1)
}

/** Fills the tenant with `people` of one kind. All other users are people with one account each. */
async function one(kind: keyof typeof KINDS, people = 1) {
  const { body } = await fill({ users: people * 5, kinds: { ...none, [kind]: people } })
  expect(body.kinds[kind].people).toBe(people)
  return body
}

const none = Object.fromEntries(Object.keys(KINDS).map((name) => [name, 0]))

describe('POST /_tenant/fill', () => {
  it('returns counts that agree with the users it made', async () => {
    const { status, body } = await fill({ users: 3_000 })
    expect(status).toBe(200)
    const groups = groupsOf()
    expect(body).toMatchObject({
      users: users().length,
      with_email: users().filter(({ email }) => email?.trim()).length,
      verified: users().filter(({ email_verified: isVerified }) => isVerified).length,
      groups: groups.length,
      accounts_in_groups: groups.flat().length,
      largest_group: Math.max(...groups.map(({ length }) => length)),
    })
    const keys = groups.map((group) =>
      [...new Set(group.map((user) => user.identities[0]?.connection))].sort(),
    )
    for (const { connections, groups: count } of body.by_connections) {
      expect(keys.filter((key) => key.join() === connections.join())).toHaveLength(count)
    }
    expect(body.by_connections.reduce((sum: number, row: { groups: number }) => sum + row.groups, 0)).toBe(
      groups.length,
    )
    expect(users()).toHaveLength(3_000)
    // Every kind occurs.
    for (const { people } of Object.values(body.kinds) as { people: number }[])
      expect(people).toBeGreaterThan(0)
  })

  it('gives the same users for the same seed, in the same order, and others for another', async () => {
    await fill({ users: 500, seed: 7 })
    const first = structuredClone(users())
    tenant.state.reset({ users: [] })
    await fill({ users: 500, seed: 7 })
    expect(users()).toEqual(first)
    tenant.state.reset({ users: [] })
    await fill({ users: 500, seed: 8 })
    const ids = new Set(first.map(({ user_id: id }) => id))
    expect(users().filter(({ user_id: id }) => ids.has(id))).toEqual([])
  })

  it('adds to existing users, and makes no group with them or with users of another seed', async () => {
    tenant.state.reset()
    const demo = tenant.state.users.size
    const before = groupsOf().length
    const one = await fill({ users: 400, seed: 1 })
    const other = await fill({ users: 400, seed: 2 })
    expect(tenant.state.users.size).toBe(demo + 800)
    expect(groupsOf()).toHaveLength(before + one.body.groups + other.body.groups)
  })

  it('puts the accounts of a person far apart', async () => {
    await fill({ users: 1_000, kinds: { ...none, same_spelling: 400 } })
    const places = groupsOf().map((group) => group.map((user) => users().indexOf(user)))
    expect(places.filter(([one = 0, other = 0]) => other - one === 1).length).toBeLessThan(10)
  })

  it('makes a world that can be exported and loaded again', async () => {
    await fill({ users: 300 })
    const world = World.parse(JSON.parse(JSON.stringify(exportWorld(tenant.state))))
    const before = structuredClone(users())
    tenant.state.reset(world)
    expect(users()).toEqual(before)
  })

  it.each([
    ['more accounts than users', { users: 3, kinds: { same_spelling: 2 } }, '3 are too few'],
    ['an unknown kind', { users: 3, kinds: { twins: 2 } }, 'kinds'],
    ['no number of users', {}, 'users'],
    ['a negative number', { users: -1 }, 'users'],
  ])('refuses %s, and adds nothing', async (_what, body, message) => {
    const refused = await fill(body)
    expect([refused.status, refused.body.message]).toEqual([400, expect.stringContaining(message)])
    expect(users()).toEqual([])
  })

  it('refuses a seed twice', async () => {
    await fill({ users: 100 })
    expect((await fill({ users: 100 })).body.message).toContain('has been used')
    expect(users()).toHaveLength(100)
  })

  it('lets the inspector show the first 200 only', async () => {
    await fill({ users: 300 })
    const { body } = await tenant.call('GET', '/_tenant/')
    expect(body.match(/<article>/g)).toHaveLength(200)
    expect(body).toContain('And 100 more')
  })
})

describe('the kinds of people', () => {
  const duplicates = Object.entries(KINDS).filter(([, { isGroup }]) => isGroup)
  it.each(duplicates)('%s make a group of each person', async (name) => {
    const body = await one(name as keyof typeof KINDS, 3)
    expect([body.groups, groupsOf().length]).toEqual([3, 3])
    expect(body.accounts_in_groups).toBe(groupsOf().flat().length)
  })

  const alone = Object.entries(KINDS).filter(([, { isGroup }]) => !isGroup)
  it.each(alone)('%s make no group', async (name) => {
    const body = await one(name as keyof typeof KINDS, 4)
    expect([body.groups, groupsOf().length]).toEqual([0, 0])
  })

  const of = (kind: keyof typeof KINDS, people = 1) => one(kind, people).then(() => groupsOf().flat())

  it('have the property that they are named after', async () => {
    expect((await of('same_spelling')).map(({ email }) => email)).toSatisfy(([a, b]: string[]) => a === b)
    tenant.state.reset({ users: [] })
    expect(new Set((await of('mixed_case')).map(({ email }) => email)).size).toBe(2)
    tenant.state.reset({ users: [] })
    expect((await of('padded')).filter(({ email }) => email !== email?.trim())).toHaveLength(1)
    tenant.state.reset({ users: [] })
    expect((await of('unverified')).filter(({ email_verified: isVerified }) => !isVerified)).toHaveLength(1)
    tenant.state.reset({ users: [] })
    expect((await of('blocked')).filter(({ blocked }) => blocked)).toHaveLength(1)
    tenant.state.reset({ users: [] })
    expect((await of('several_identities')).map(({ identities }) => identities.length).sort()).toEqual([1, 2])
    tenant.state.reset({ users: [] })
    expect((await of('several_accounts', 3)).length).toBe(3 + 4 + 5)
  })

  it('have a provisioned account whose connection says so', async () => {
    await of('provisioned')
    const connection = tenant.state.connections.find(({ name }) => name === 'provisioned-saml')
    const path = `/api/v2/connections/${connection?.id}/scim-configuration`
    expect((await tenant.call('GET', path, { scope: 'read:scim_config' })).status).toBe(200)
  })

  it('are returned by the API without an address, with null, or with an empty one', async () => {
    const read = async (kind: keyof typeof KINDS) => {
      tenant.state.reset({ users: [] })
      await fill({ users: 1, kinds: { [kind]: 1 } })
      const { body } = await tenant.call('GET', '/api/v2/users', { scope: 'read:users' })
      return body[0]
    }
    expect(await read('no_email')).not.toHaveProperty('email')
    expect(await read('null_email')).toMatchObject({ email: null })
    expect(await read('null_email')).not.toHaveProperty('email_verified')
    expect(await read('empty_email')).toMatchObject({ email: '', email_verified: false })
    expect((await read('long_email')).email.length).toBeGreaterThan(320)
  })
})
