/**
 * Handles the rights (roles, permissions, memberships, factors) of two accounts around a link: reads them, decides by the
 * operator's rules, gives them to the primary account, and takes them back if the link is not made.
 * @module
 */
import type { LinkRefusal } from './errors'
import type { LinkingUser } from './identity'
import { ownMetadataKey } from './records/own-keys'
import { isUnreturned, type KeptRights, parseSnapshot, snapshotKeyOf } from './records/snapshot'
import { CARRY_SCOPES, type RightsCalls, readRights, readRolesIn } from './rights/read-rights'
import {
  collectRightIds,
  organizationOfRole,
  organizationsIn,
  RIGHTS_KINDS,
  type RightIds,
  type Rights,
  type RightsKind,
} from './rights/rights'
import { giveRights, takeRights } from './rights/write-rights'
import { decidingKinds, isTooMany, MAX_ORGANIZATIONS, planRights, type RightsPolicy } from './rules/rights'

/**
 * Reads the rights of several accounts. If two of them are members of the same organization, it also reads their roles there.
 * Rights that an account has only from an earlier attempt to link two of these accounts, which failed, do not count as its own.
 *
 * @param kinds - The kinds to read.
 * @param ending - User ids of the accounts that would end if rights did not count; by default all accounts. They are read
 *   first. If they have no rights, none can be lost, so rights cannot change which account ends: the remaining accounts are
 *   not read, and count as having none.
 * @param isJoining - Whether an account may become a member of another one's organizations. Then the roles in organizations that
 *   the accounts do not share are read too, unless they are more than {@link MAX_ORGANIZATIONS}.
 * @returns The accounts, with their `rights`.
 * @throws {CallFailure}
 */
export async function readRightsOf<User extends LinkingUser>(
  api: RightsCalls,
  users: readonly User[],
  kinds: readonly RightsKind[],
  ending?: readonly string[],
  isJoining = false,
): Promise<User[]> {
  const read = new Map<User, Rights>()
  const readAll = (some: User[]) =>
    Promise.all(
      some.map(async (user) =>
        read.set(user, without(await readRights(api, user, kinds), await leftoversOf(user, users))),
      ),
    )
  const isEnding = ({ user_id }: User) => ending?.includes(user_id) ?? true
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

/**
 * Reads the rights that decide whether accounts are offered: all kinds that the operator's rules do not drop. If they carry
 * memberships, also the roles in an organization that an account may join.
 *
 * @param ending - As for {@link readRightsOf}.
 * @returns The accounts, with their `rights`.
 * @throws {CallFailure}
 */
export const readRightsForOffer = <User extends LinkingUser>(
  api: RightsCalls,
  users: readonly User[],
  policy: RightsPolicy,
  ending?: readonly string[],
): Promise<User[]> => readRightsOf(api, users, decidingKinds(policy), ending, policy.memberships === 'carry')

/** `rights` without some ids. */
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
 * Reads the rights of two accounts that are about to be linked, as {@link readRightsOf} does. It also reads the roles of the
 * secondary account in each of its organizations.
 *
 * @param isSure - Whether `primary` would stay even if rights did not count. Then the secondary account is read first, and
 *   if it has no rights, the primary one is not read.
 * @returns Both accounts, with their `rights`.
 * @throws {CallFailure}
 */
export async function readRightsForLink<User extends LinkingUser>(
  api: RightsCalls,
  primary: User,
  secondary: User,
  isSure = false,
): Promise<{ primary: User; secondary: User }> {
  const users = [primary, secondary]
  const first = isSure ? [secondary.user_id] : undefined
  const [primaryRead, secondaryRead] = (await readRightsOf(api, users, RIGHTS_KINDS, first)) as [User, User]
  const organizations = Object.keys(secondaryRead.rights?.memberships ?? {}).filter(
    (id) => !organizationOfRole(id),
  )
  const unread = organizations.filter((id) => !Object.hasOwn(primaryRead.rights?.memberships ?? {}, id))
  const rights = await readRolesIn(api, secondary.user_id, secondaryRead.rights ?? {}, unread)
  return { primary: primaryRead, secondary: { ...secondaryRead, rights } }
}

/** The rights that an earlier, failed attempt to link two accounts gave to the primary one. */
async function leftoverOf(primary: LinkingUser, secondary: LinkingUser): Promise<RightIds> {
  const key = ownMetadataKey(primary, await snapshotKeyOf(secondary.user_id))
  const snapshot = parseSnapshot(primary.app_metadata[key])
  // If that link was made and later ended, the rights that it gave belong to the primary account until they are given back.
  return snapshot && !isUnreturned(snapshot, secondary) ? (snapshot.rights?.given ?? {}) : {}
}

/**
 * Decides what happens to the rights of the secondary account. Called once all other rules allow the link.
 *
 * @param primary - The primary account, from {@link readRightsForLink}.
 * @param secondary - The secondary account, from {@link readRightsForLink}.
 * @returns The plan or a refusal: `rights_too_many`; `memberships_lost` if the primary account would join an organization but could
 *   sign in with none of its connections; `rights_unread` if the operator granted no scope to add members to organizations.
 * @throws {CallFailure}
 * @see {@link https://auth0.com/docs/manage-users/organizations/configure-organizations/enable-connections Enable connections}
 */
export async function decideRights(
  api: RightsCalls,
  primary: LinkingUser,
  secondary: LinkingUser,
  policy: RightsPolicy,
): Promise<{ plan: KeptRights; reason?: undefined } | { plan?: undefined; reason: LinkRefusal }> {
  const plan = planRights(primary, secondary, policy)
  if (isTooMany(primary, plan)) return { reason: 'rights_too_many' }
  const joined = (plan.given.memberships ?? []).filter((id) => !organizationOfRole(id))
  if (joined.length > 0 && !(await api.isGranted(CARRY_SCOPES.memberships)))
    return { reason: 'rights_unread' }
  const connections = [...primary.identities, ...secondary.identities].map(({ connection }) => connection)
  const isOpen = await Promise.all(joined.map((id) => isOpenTo(api, id, connections)))
  return isOpen.includes(false) ? { reason: 'memberships_lost' } : { plan }
}

/** Whether an organization has enabled one of these connections, so that its members can sign in with it. */
async function isOpenTo(api: RightsCalls, organization: string, connections: string[]): Promise<boolean> {
  const path = `/organizations/${encodeURIComponent(organization)}/enabled_connections?per_page=100`
  const answer = await api.call('GET', path)
  const enabled = (Array.isArray(answer) ? answer : []) as { connection?: { name?: string } }[]
  return enabled.some(({ connection }) => connections.includes(connection?.name ?? ''))
}

/** The steps before a link, and after a failed one, that move rights: see `LinkSteps`. */
export interface RightsSteps {
  beforeLink(): Promise<LinkRefusal | undefined>
  ifNotLinked(): Promise<void>
}

/** The steps of a link that moves no rights. */
export const NO_RIGHTS_STEPS: RightsSteps = {
  beforeLink: async () => undefined,
  ifNotLinked: async () => undefined,
}

/**
 * Makes the steps of a link that moves rights. After the snapshot (what a link keeps of the secondary account) is written, and
 * before the link, they give the primary account the rights of the plan. If the link is not made, they take these back.
 *
 * @param primary - The primary account, as it was read before the snapshot was written.
 */
export async function rightsSteps(
  api: Pick<RightsCalls, 'call'>,
  primary: LinkingUser,
  secondary: LinkingUser,
  { given }: KeptRights,
): Promise<RightsSteps> {
  const leftover = await leftoverOf(primary, secondary)
  const stale = collectRightIds((kind) => (leftover[kind] ?? []).filter((id) => !given[kind]?.includes(id)))
  return {
    async beforeLink() {
      await takeRights(api, primary.user_id, stale)
      await giveRights(api, primary.user_id, given)
      return undefined
    },
    ifNotLinked: () => takeRights(api, primary.user_id, given),
  }
}
