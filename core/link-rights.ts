/**
 * The rights of two accounts right before they are linked: read, decided on, given, and taken back if nothing was linked.
 * @module
 */
import type { LinkRefusal } from './errors'
import type { LinkingUser } from './identity'
import { keyFor } from './records/own-keys'
import { isUnreturned, type KeptRights, parseSnapshot, snapshotKeyOf } from './records/snapshot'
import { CARRY_SCOPES, type RightsCalls, readRights, readRolesIn } from './rights/read-rights'
import {
  ofKinds,
  organizationOfRole,
  organizationsIn,
  type RightIds,
  type Rights,
  type RightsKind,
} from './rights/rights'
import { giveRights, takeRights } from './rights/write-rights'
import { isTooMany, MAX_ORGANIZATIONS, planRights, type RightsPolicy } from './rules/rights'

/**
 * Reads what accounts hold, and of an organization that two of them are members of, the roles in it too. What an earlier attempt to
 * link two of them gave to one, and nothing was linked, does not count as its own.
 *
 * @param kinds - The kinds to read.
 * @param ending - User ids of those that end as far as other rules decide; all of them by default. If these hold nothing, nothing can
 *   be lost, and no other rule is overruled: the rest is not read, and counts as holding nothing.
 * @param isJoining - Whether one of them may become a member of an organization of another one: then the roles in it are read too.
 * @returns The accounts, with what they hold.
 * @throws {CallFailure}
 */
export async function withRights<User extends LinkingUser>(
  api: RightsCalls,
  users: readonly User[],
  kinds: readonly RightsKind[],
  ending: readonly string[] = users.map(({ user_id }) => user_id),
  isJoining = false,
): Promise<User[]> {
  const read = new Map<User, Rights>()
  const readAll = (some: User[]) =>
    Promise.all(
      some.map(async (user) =>
        read.set(user, without(await readRights(api, user, kinds), await leftoversOf(user, users))),
      ),
    )
  const isEnding = ({ user_id }: User) => ending.includes(user_id)
  await readAll(users.filter(isEnding))
  const nothing = Object.fromEntries([...read.values()].flatMap(Object.keys).map((kind) => [kind, {}]))
  if ([...read.values()].some(holdsSomething)) await readAll(users.filter((user) => !isEnding(user)))
  const of = (user: User) => organizationsIn(Object.keys(read.get(user)?.memberships ?? {}))
  const memberships = users.flatMap(of)
  const isCommon = (id: string) => memberships.indexOf(id) !== memberships.lastIndexOf(id)
  return Promise.all(
    users.map(async (user) => {
      const all = of(user)
      const common = all.filter(isCommon)
      const isFew = all.length - common.length <= MAX_ORGANIZATIONS
      const some = isJoining && isFew ? all : common
      const rights = await readRolesIn(api, user.user_id, read.get(user) ?? nothing, some)
      return { ...user, rights: without(rights, await leftoversOf(user, users)) }
    }),
  )
}

const holdsSomething = (rights: Rights): boolean =>
  Object.values(rights).some((held) => Object.keys(held).length > 0)

const leftoversOf = (user: LinkingUser, users: readonly LinkingUser[]): Promise<RightIds[]> =>
  Promise.all(users.filter((other) => other !== user).map((other) => leftoverOf(user, other)))

/** The same without some ids. */
const without = (rights: Rights, ids: readonly RightIds[]): Rights =>
  Object.fromEntries(
    Object.entries(rights).map(([kind, held]) => [
      kind,
      Object.fromEntries(
        Object.entries(held).filter(([id]) => !ids.some((each) => each[kind as RightsKind]?.includes(id))),
      ),
    ]),
  )

/**
 * Reads what two accounts hold that are about to be linked, as {@link withRights} does, and the roles of the one that ends in each of
 * its organizations too.
 *
 * @param isSure - Whether the other rules say the same of who stays: then an account that holds nothing is enough to know.
 * @returns Both, with what they hold.
 * @throws {CallFailure}
 */
export async function withRightsForLink<User extends LinkingUser>(
  api: RightsCalls,
  kinds: readonly RightsKind[],
  primary: User,
  secondary: User,
  isSure = false,
): Promise<{ staying: User; ending: User }> {
  const users = [primary, secondary]
  const first = isSure ? [secondary.user_id] : undefined
  const [staying, ending] = (await withRights(api, users, kinds, first)) as [User, User]
  const organizations = Object.keys(ending.rights?.memberships ?? {}).filter((id) => !organizationOfRole(id))
  const unread = organizations.filter((id) => !Object.hasOwn(staying.rights?.memberships ?? {}, id))
  const rights = await readRolesIn(api, ending.user_id, ending.rights ?? {}, unread)
  return { staying, ending: { ...ending, rights } }
}

/** What an earlier attempt to link two accounts gave to the one that stays; the two are not linked. */
async function leftoverOf(staying: LinkingUser, ending: LinkingUser): Promise<RightIds> {
  const key = keyFor(staying, await snapshotKeyOf(ending.user_id))
  const snapshot = parseSnapshot(staying.app_metadata[key])
  // What a link gave that was ended since is the account's, until it is given back.
  return snapshot && !isUnreturned(snapshot, ending) ? (snapshot.rights?.given ?? {}) : {}
}

/**
 * Decides what becomes of the rights of the account that ends. Asked when nothing else stands against the link.
 *
 * @param staying - The account that stays, from {@link withRightsForLink}.
 * @param ending - The other one, from there too.
 * @returns The plan, or `rights_too_many`, or `memberships_lost` if the account would be a member of an organization through whose
 *   connections it cannot sign in, or `rights_unread` if the operator granted no scope for it.
 * @throws {CallFailure}
 * @see {@link https://auth0.com/docs/manage-users/organizations/configure-organizations/enable-connections Enable connections}
 */
export async function decideRights(
  api: RightsCalls,
  staying: LinkingUser,
  ending: LinkingUser,
  policy: RightsPolicy,
): Promise<{ plan: KeptRights; reason?: undefined } | { plan?: undefined; reason: LinkRefusal }> {
  const plan = planRights(staying, ending, policy)
  if (isTooMany(staying, plan)) return { reason: 'rights_too_many' }
  const joined = (plan.given.memberships ?? []).filter((id) => !organizationOfRole(id))
  if (joined.length > 0 && !(await api.isGranted(CARRY_SCOPES.memberships)))
    return { reason: 'rights_unread' }
  const connections = [...staying.identities, ...ending.identities].map(({ connection }) => connection)
  const isOpen = await Promise.all(joined.map((id) => isOpenTo(api, id, connections)))
  return isOpen.includes(false) ? { reason: 'memberships_lost' } : { plan }
}

/** Whether members of an organization can sign in through one of some connections. */
async function isOpenTo(api: RightsCalls, organization: string, connections: string[]): Promise<boolean> {
  const path = `/organizations/${encodeURIComponent(organization)}/enabled_connections?per_page=100`
  const answer = await api.call('GET', path)
  const enabled = (Array.isArray(answer) ? answer : []) as { connection?: { name?: string } }[]
  return enabled.some(({ connection }) => connections.includes(connection?.name ?? ''))
}

/** What is done with rights around a link: see `LinkSteps`. */
export interface RightsSteps {
  beforeLink(): Promise<LinkRefusal | undefined>
  ifNotLinked(): Promise<void>
}

/** Of a link that moves no rights. */
export const NO_RIGHTS_STEPS: RightsSteps = {
  beforeLink: async () => undefined,
  ifNotLinked: async () => undefined,
}

/**
 * Gives the account that stays what the plan says, between the snapshot and the link, and takes it back if nothing was linked.
 *
 * @param primary - The account that stays, as it was read before the snapshot was written.
 */
export async function rightsSteps(
  api: Pick<RightsCalls, 'call'>,
  primary: LinkingUser,
  secondary: LinkingUser,
  { given }: KeptRights,
): Promise<RightsSteps> {
  const leftover = await leftoverOf(primary, secondary)
  const stale = ofKinds((kind) => (leftover[kind] ?? []).filter((id) => !given[kind]?.includes(id)))
  return {
    async beforeLink() {
      await takeRights(api, primary.user_id, stale)
      await giveRights(api, primary.user_id, given)
      return undefined
    },
    ifNotLinked: () => takeRights(api, primary.user_id, given),
  }
}
