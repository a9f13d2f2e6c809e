/**
 * Restores the rights (roles, permissions, memberships, factors) of an unlinked account from the link's snapshot.
 * @module
 */
import 'server-only'
import {
  CARRY_SCOPES,
  collectRightIds,
  giveRightsThatExist,
  isPermanentFailure,
  isSame,
  type KeptRights,
  keptKinds,
  keptNone,
  type Metadata,
  NO_RIGHTS,
  organizationsIn,
  planRightsReturn,
  READ_SCOPES,
  type RightIds,
  type Rights,
  type RightsCalls,
  type RightsKind,
  type RightsReturn,
  readRights,
  readRolesIn,
  standsAloneAgain,
  takeRights,
  toStoredSnapshot,
} from '../../../core'
import type { Account } from '../../auth0/account'
import type { AccountApi } from '../../auth0/account-api'
import { ManagementApiError } from '../../auth0/management-api-error'
import { rightsCalls } from '../../auth0/rights-calls'
import { logEvent } from '../../observability/log'
import type { AccountServices } from '../account-services'
import { linkedSnapshots, type StoredSnapshot } from '../snapshots'
import { isGivenUp } from './return-tries'

/** How many lost roles, and how many lost memberships, we look up at most to show their names. */
const MAX_LOOKUPS = 10

/** The rights that are restored, with their names. */
export interface NamedReturn extends RightsReturn {
  names: Rights
  /**
   * Entries of `app_metadata`: the snapshots of other linked identities, changed because the primary account keeps a right
   * for them.
   */
  changedSnapshots: Metadata
  /** Kinds that the tenant refused to list with 403, although we have the scopes. It may list them at the next try. */
  refusedKinds: RightsKind[]
}

const NOTHING: NamedReturn = {
  give: {},
  take: {},
  withheld: {},
  names: {},
  changedSnapshots: {},
  refusedKinds: [],
}

/**
 * Works out which rights the unlinked account gets back, and which the primary account loses. Needs no API call if the
 * snapshot has no rights.
 *
 * @param primary - The account that the unlinked one was part of.
 * @param stored - The link's snapshot; undefined if the link was made by other means.
 * @throws {ManagementApiError}
 */
export async function rightsReturnOf(
  services: Pick<AccountServices, 'authorities'>,
  api: AccountApi,
  primary: Account,
  stored: StoredSnapshot | undefined,
): Promise<NamedReturn> {
  const kept = stored?.snapshot.rights
  if (!kept || keptNone(kept)) return NOTHING
  const calls = rightsCalls(services, api)
  const organizations = organizationsIn(
    [kept.given, kept.shared].flatMap(({ memberships = [] }) => memberships),
  )
  const kinds = await movableKinds(calls, kept)
  const held = await readRights(calls, primary, kinds)
  const [primaryRights, lost, isGranted] = await Promise.all([
    readRolesIn(calls, primary.user_id, held, organizations),
    namesOfLost(calls, kept),
    Promise.all(kinds.map((kind) => calls.isGranted(READ_SCOPES[kind]))),
  ])
  const refusedKinds = kinds.filter((kind, index) => !held[kind] && isGranted[index] && kind !== 'factors')
  const plan = planRightsReturn(primaryRights, kept, lost.gone)
  const others = (await linkedSnapshots(primary)).filter(({ key }) => key !== stored.key)
  return {
    ...plan,
    ...keepRightsForOthers(plan.take, others),
    names: withNames(primaryRights, lost.names),
    refusedKinds,
  }
}

/**
 * Keeps in the primary account the rights that another linked identity brought as well. The snapshot of that identity then
 * records them as given, so that they are removed when the last such identity is unlinked.
 */
function keepRightsForOthers(
  take: RightIds,
  others: StoredSnapshot[],
): Pick<NamedReturn, 'take' | 'changedSnapshots'> {
  const otherWith = (kind: RightsKind, id: string) =>
    others.find(({ snapshot: { rights } }) =>
      [rights?.given, rights?.shared].some((ids) => ids?.[kind]?.includes(id)),
    )
  const changedSnapshots = others.flatMap(({ key, snapshot }): [string, Metadata][] => {
    const { given, dropped, shared } = snapshot.rights ?? NO_RIGHTS
    const inherits = (kind: RightsKind, id: string) =>
      take[kind]?.includes(id) === true && otherWith(kind, id)?.key === key
    const rights = {
      given: collectRightIds((kind) => [
        ...(given[kind] ?? []),
        ...(shared[kind] ?? []).filter((id) => inherits(kind, id)),
      ]),
      dropped,
      shared: collectRightIds((kind) => (shared[kind] ?? []).filter((id) => !inherits(kind, id))),
    }
    return isSame(rights.given, given) ? [] : [[key, toStoredSnapshot({ ...snapshot, rights })]]
  })
  return {
    take: collectRightIds((kind) => (take[kind] ?? []).filter((id) => !otherWith(kind, id))),
    changedSnapshots: Object.fromEntries(changedSnapshots),
  }
}

/**
 * The kinds of rights that can be restored. Leaves out memberships if we lack the scopes to change them. The page then says
 * that they are not restored.
 */
async function movableKinds(calls: RightsCalls, kept: KeptRights): Promise<RightsKind[]> {
  const needed = CARRY_SCOPES.memberships.filter(
    (scope) => scope.startsWith('create:') || (kept.given.memberships && scope.startsWith('delete:')),
  )
  const kinds = keptKinds(kept)
  return (await calls.isGranted(needed)) ? kinds : kinds.filter((kind) => kind !== 'memberships')
}

/** Reads the names of the roles and organizations that the link lost, and finds out which of them no longer exist. */
async function namesOfLost(
  calls: RightsCalls,
  { dropped: { roles = [], memberships = [] } }: KeptRights,
): Promise<{ names: Rights; gone: string[] }> {
  const gone: string[] = []
  const look = (ids: readonly string[], path: string) =>
    Promise.all(
      ids.slice(0, MAX_LOOKUPS).map(async (id) => {
        try {
          const found = await calls.call('GET', `/${path}/${encodeURIComponent(id)}`)
          const { name, display_name } = Object(found) as { name?: string; display_name?: string }
          return [[id, display_name || name || id] as const]
        } catch (error) {
          if (!(error instanceof ManagementApiError)) throw error
          if (error.code === 'not_found') gone.push(id)
          else if (error.code !== 'missing_scope') throw error
          return []
        }
      }),
    )
  const [ofRoles, ofOrganizations] = await Promise.all([
    look(roles, 'roles'),
    look(organizationsIn(memberships), 'organizations'),
  ])
  return {
    names: {
      roles: Object.fromEntries(ofRoles.flat()),
      memberships: Object.fromEntries(ofOrganizations.flat()),
    },
    gone,
  }
}

const withNames = (rights: Rights, { roles, memberships }: Rights): Rights => ({
  ...rights,
  roles: { ...rights.roles, ...roles },
  memberships: { ...rights.memberships, ...memberships },
})

/**
 * Restores the rights of the unlinked account. Then removes from the primary account the rights that the link had given it.
 * Can be repeated.
 *
 * @param returned - The account that was unlinked, freshly read from the tenant. If it was never linked, it still has its
 *   rights, and gets none.
 * @param history - `wasPart`: whether we know that it was linked. If we do not know, {@link standsAloneAgain} concludes that
 *   from its date of creation. `since`: when the restore was first tried, in seconds since the epoch.
 * @returns Entries of `app_metadata` that the caller must write, see {@link NamedReturn.changedSnapshots}.
 * @throws {ManagementApiError} The remaining steps can be done later.
 */
export async function returnRights(
  services: Pick<AccountServices, 'authorities'>,
  api: AccountApi,
  primary: Account,
  returned: Account,
  stored: StoredSnapshot,
  { wasPart, since }: { wasPart: boolean; since: number },
): Promise<Metadata> {
  const { give, take, changedSnapshots } = await readableReturn(services, api, primary, stored, since)
  const calls = rightsCalls(services, api)
  if (wasPart || standsAloneAgain(stored.snapshot, returned)) {
    const refused = await giveRightsThatExist(calls, returned.user_id, give, isGone)
    if (refused.length > 0) logEvent('not_given_back', { code: 'not_found', count: refused.length })
  }
  await takeRights(calls, primary.user_id, take)
  return changedSnapshots
}

/**
 * Plans as {@link rightsReturnOf} does. If the tenant refuses to list a kind of rights, throws for one day, so that the
 * caller tries again. After that, plans without that kind. So one refusal does not cost an account its rights.
 *
 * @param since - When the restore was first tried, in seconds since the epoch.
 * @throws {ManagementApiError} `missing_scope` if a kind was refused and a later attempt may succeed.
 */
async function readableReturn(
  services: Pick<AccountServices, 'authorities'>,
  api: AccountApi,
  primary: Account,
  stored: StoredSnapshot,
  since: number,
): Promise<NamedReturn> {
  const plan = await rightsReturnOf(services, api, primary, stored)
  if (plan.refusedKinds.length > 0 && !isGivenUp(since, true)) throw new ManagementApiError('missing_scope')
  return plan
}

/** Whether the tenant refused a right for good: the right was deleted, or the account has too many. */
const isGone = (failure: unknown): boolean =>
  failure instanceof ManagementApiError &&
  isPermanentFailure(failure) &&
  ![401, 403].includes(failure.status ?? 0)

/** Removes the rights that the primary account was given for a link that was never made. */
export async function takeBackRights(
  services: Pick<AccountServices, 'authorities'>,
  api: AccountApi,
  primary: Account,
  stored: StoredSnapshot,
): Promise<void> {
  const { take } = await readableReturn(services, api, primary, stored, stored.snapshot.at)
  await takeRights(rightsCalls(services, api), primary.user_id, take)
}
