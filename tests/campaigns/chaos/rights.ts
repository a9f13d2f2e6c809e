/**
 * The rights of Ann's two accounts (roles, permissions, memberships, factors), and checks of which account holds them.
 * @module
 */
import type { WorldUser } from '../../support/flow/tenant'
import { ENDS, isLinked, STAYS, userOf } from './ann'
import type { World } from './stage'

/** The operator's rules: a link carries over all rights that it can. */
export const RULES = { ROLES: 'carry', PERMISSIONS: 'carry', MEMBERSHIPS: 'carry', FACTORS: 'drop' }

const API = 'https://api.example.com'

/** The roles and organizations of the tenant. Their names are their ids, as snapshots hold them. */
const THERE = {
  roles: ['editor', 'author', 'billing', 'owner'].map((name) => ({ id: name, name })),
  organizations: ['acme', 'beta'].map((name) => ({ id: name, name })),
}

/**
 * The rights of the two accounts. Each holds some that the other lacks, so rights do not decide which one stays, and the
 * older one does. Some both hold.
 */
const HELD: Record<string, Held> = {
  [STAYS]: { roles: ['author', 'editor'], organizations: [{ name: 'acme' }] },
  [ENDS]: {
    roles: ['editor', 'billing'],
    permissions: [{ resource_server_identifier: API, permission_name: 'read:things' }],
    organizations: [
      { name: 'acme', roles: ['owner'] },
      { name: 'beta', roles: ['billing'] },
    ],
    authentication_methods: [{ type: 'passkey' }],
  },
}

interface Held {
  roles?: string[]
  permissions?: { resource_server_identifier: string; permission_name: string }[]
  organizations?: { name: string; roles?: string[] }[]
  authentication_methods?: { type: string }[]
}

/** Adds these rights to a world. */
export const withRights = ({ users, ...world }: World): World => ({
  ...world,
  ...THERE,
  users: users.map((user) => ({ ...user, ...HELD[user.user_id] })),
})

/** The rights of an account, each as a snapshot names it, without factors: a link loses those, and the prompt says so. */
function heldBy(user: WorldUser | undefined): string[] {
  const { roles = [], permissions = [], organizations = [] } = (user ?? {}) as Held
  return [
    ...roles,
    ...permissions.map((each) => `${each.permission_name} ${each.resource_server_identifier}`),
    ...organizations.flatMap(({ name, roles: inIt = [] }) => [
      name,
      ...inIt.map((role) => `${name} ${role}`),
    ]),
  ]
}

/** The rights that an account's snapshots keep. */
const keptBy = (user: WorldUser | undefined): string[] =>
  Object.entries(user?.app_metadata ?? {}).flatMap(([key, entry]) => {
    if (!/^account_linking_[0-9a-f]{12}$/.test(key)) return []
    const { rights = {} } = entry as { rights?: Record<string, Record<string, string[]>> }
    return Object.values(rights).flatMap((kinds) => Object.values(kinds).flat())
  })

/**
 * The rights that the account that stays received for a link that does not exist, and still has after all background work.
 * Empty if an undo was interrupted, because only a view of the page finishes that.
 */
export function leftBehind(before: World, now: World): string[] {
  const stays = userOf(now, STAYS)
  const entries = Object.values(stays?.app_metadata ?? {}) as { returning?: object }[]
  if (isLinked(now) || entries.some((entry) => Object(entry).returning)) return []
  const mine = heldBy(userOf(before, STAYS))
  return heldBy(stays).filter((id) => !mine.includes(id))
}

/**
 * The rights that an account lost, or that it holds although it should not.
 *
 * @param before - The two accounts before they were linked.
 * @param now - The world to check.
 * @param isSettled - Whether everything is finished and repaired: then linked accounts hold what both held, and separate
 *   accounts exactly their own.
 */
export function unexpectedRights(before: World, now: World, isSettled: boolean): string[] {
  const [stays, ends] = [STAYS, ENDS].map((id) => userOf(now, id))
  const [mine, theirs] = [STAYS, ENDS].map((id) => heldBy(userOf(before, id))) as [string[], string[]]
  const [has, had] = [heldBy(stays), heldBy(ends)]
  const places = [...has, ...had, ...keptBy(stays)]
  const report = (ids: string[], what: string) => ids.map((id) => `${id} ${what}`)
  const missing = (wanted: string[], found: string[]) => wanted.filter((id) => !found.includes(id))
  const both = [...mine, ...theirs]
  return [
    ...report(missing(mine, has), 'of the account that stays is lost'),
    ...report(missing(theirs, places), 'of the account that ends is lost'),
    ...report(missing(has, both), 'was given to the account that stays, and neither held it'),
    ...report(missing(had, theirs), 'was given to the account that ends'),
    ...(isSettled && isLinked(now) ? report(missing(theirs, has), 'was not carried over') : []),
    ...(isSettled && ends ? report(missing(has, mine), 'stayed behind') : []),
    ...(isSettled && ends ? report(missing(theirs, had), 'was not given back') : []),
  ]
}
