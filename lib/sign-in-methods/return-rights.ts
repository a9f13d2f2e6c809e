/**
 * Giving an account back the rights that a link kept of it.
 * @module
 */
import 'server-only'
import {
  CARRY_SCOPES,
  giveRightsThatExist,
  isFinal,
  isSame,
  type KeptRights,
  keptKinds,
  keptNone,
  type Metadata,
  NO_RIGHTS,
  ofKinds,
  organizationsIn,
  planRightsReturn,
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
} from '../../core'
import type { Account } from '../auth0/account'
import type { AccountApi } from '../auth0/account-api'
import { ManagementApiError } from '../auth0/management-api-error'
import { logEvent } from '../observability/log'
import type { AccountServices } from './account-services'
import { rightsCalls } from './rights-calls'
import { linkedSnapshots, type StoredSnapshot } from './snapshots'

/** Names of rights that were lost are looked up for so many of each kind at most. */
const MAX_LOOKUPS = 10

/** What is given back of rights, with what the tenant calls it. */
export interface NamedReturn extends RightsReturn {
  names: Rights
  /** Entries of `app_metadata`: snapshots of other links that the account holds something for from now on. */
  heirs: Metadata
}

const NOTHING: NamedReturn = { give: {}, take: {}, withheld: {}, names: {}, heirs: {} }

/**
 * Works out which rights an account gets back, and which the account it was part of gives up. Costs no call if the link kept none.
 *
 * @param primary - The account it was part of.
 * @param stored - What the link kept; undefined if it was made by other means.
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
  const held = await readRights(calls, primary, await movableKinds(calls, kept))
  const [now, lost] = await Promise.all([
    readRolesIn(calls, primary.user_id, held, organizations),
    namesOfLost(calls, kept),
  ])
  const plan = planRightsReturn(now, kept, lost.gone)
  const others = (await linkedSnapshots(primary)).filter(({ key }) => key !== stored.key)
  return { ...plan, ...passOn(plan.take, others), names: withNames(now, lost.names) }
}

/**
 * Leaves with the account what another identity that is part of it held as well. From then on it counts as given for that one, so
 * that it leaves with the last of them.
 */
function passOn(take: RightIds, others: StoredSnapshot[]): Pick<NamedReturn, 'take' | 'heirs'> {
  const heirOf = (kind: RightsKind, id: string) =>
    others.find(({ snapshot: { rights } }) =>
      [rights?.given, rights?.shared].some((ids) => ids?.[kind]?.includes(id)),
    )
  const heirs = others.flatMap(({ key, snapshot }): [string, Metadata][] => {
    const { given, dropped, shared } = snapshot.rights ?? NO_RIGHTS
    const inherits = (kind: RightsKind, id: string) =>
      take[kind]?.includes(id) === true && heirOf(kind, id)?.key === key
    const rights = {
      given: ofKinds((kind) => [
        ...(given[kind] ?? []),
        ...(shared[kind] ?? []).filter((id) => inherits(kind, id)),
      ]),
      dropped,
      shared: ofKinds((kind) => (shared[kind] ?? []).filter((id) => !inherits(kind, id))),
    }
    return isSame(rights.given, given) ? [] : [[key, toStoredSnapshot({ ...snapshot, rights })]]
  })
  return {
    take: ofKinds((kind) => (take[kind] ?? []).filter((id) => !heirOf(kind, id))),
    heirs: Object.fromEntries(heirs),
  }
}

/** The kinds that can be given back: without a scope to do so, they are withheld, and the person is told. */
async function movableKinds(calls: RightsCalls, kept: KeptRights): Promise<RightsKind[]> {
  const needed = CARRY_SCOPES.memberships.filter(
    (scope) => scope.startsWith('create:') || (kept.given.memberships && scope.startsWith('delete:')),
  )
  const kinds = keptKinds(kept)
  return (await calls.isGranted(needed)) ? kinds : kinds.filter((kind) => kind !== 'memberships')
}

/** What the tenant calls roles and organizations that no account holds any more, and which of them no longer exist. */
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

const withNames = (now: Rights, { roles, memberships }: Rights): Rights => ({
  ...now,
  roles: { ...now.roles, ...roles },
  memberships: { ...now.memberships, ...memberships },
})

/**
 * Gives an account its rights back, then takes from the account it was part of what only came from there. Can be repeated.
 *
 * @param returned - The account that is on its own again, read now. If it was never part of the other one, it still has its rights.
 * @param wasPart - Whether it is known that it was. Otherwise the date of its creation tells, by the tenant's clock and ours.
 * @returns Entries of `app_metadata` that are to be written: see {@link NamedReturn.heirs}.
 * @throws {ManagementApiError} The remaining steps can be done later.
 */
export async function returnRights(
  services: Pick<AccountServices, 'authorities'>,
  api: AccountApi,
  primary: Account,
  returned: Account,
  stored: StoredSnapshot,
  wasPart: boolean,
): Promise<Metadata> {
  const { give, take, heirs } = await rightsReturnOf(services, api, primary, stored)
  const calls = rightsCalls(services, api)
  if (wasPart || standsAloneAgain(stored.snapshot, returned)) {
    const refused = await giveRightsThatExist(calls, returned.user_id, give, isGone)
    if (refused.length > 0) logEvent('not_given_back', { code: 'not_found', count: refused.length })
  }
  await takeRights(calls, primary.user_id, take)
  return heirs
}

/** Whether the tenant says that something cannot be given: it was deleted, or the account can hold no more. */
const isGone = (failure: unknown): boolean =>
  failure instanceof ManagementApiError && isFinal(failure) && ![401, 403].includes(failure.status ?? 0)

/** Takes from an account what a link that was never made had given to it. */
export async function takeBackRights(
  services: Pick<AccountServices, 'authorities'>,
  api: AccountApi,
  primary: Account,
  stored: StoredSnapshot,
): Promise<void> {
  const { take } = await rightsReturnOf(services, api, primary, stored)
  await takeRights(rightsCalls(services, api), primary.user_id, take)
}
