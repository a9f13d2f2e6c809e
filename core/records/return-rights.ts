/**
 * Which rights an account gets back when it is unlinked, and which the primary account loses.
 * @module
 */
import {
  collectRightIds,
  hasNoRights,
  organizationOfRole,
  RIGHTS_KINDS,
  type RightIds,
  type Rights,
  type RightsKind,
} from '../rights/rights'
import type { KeptRights } from './snapshot'

/** Which rights an unlink restores, and which it does not. */
export interface RightsReturn {
  /** Assigned to the unlinked account. */
  give: RightIds
  /** Removed from the primary account: the link gave it these, and it still has them. */
  take: RightIds
  /** Not restored: revoked since, not readable, or a factor, which only the person can set up again. */
  withheld: RightIds
}

/**
 * Works out which rights an unlink restores. A right that the primary account had and no longer has was revoked since the link;
 * restoring it would reverse the operator's decision.
 *
 * @param primaryRights - The primary account's rights now. A kind that was not read is missing.
 * @param kept - The rights in the link's snapshot, if any.
 * @param gone - Ids that no longer exist at the tenant.
 */
export function planRightsReturn(
  primaryRights: Rights,
  kept: KeptRights | undefined,
  gone: readonly string[] = [],
): RightsReturn {
  const { given, dropped, shared } = kept ?? NO_RIGHTS
  const isHeld = (kind: RightsKind, id: string) => Object.hasOwn(primaryRights[kind] ?? {}, id)
  const isBack = (kind: RightsKind, id: string): boolean => {
    const organization = organizationOfRole(id)
    if (kind === 'factors' || !primaryRights[kind] || gone.includes(id)) return false
    // A role in an organization needs the membership.
    if (
      kind === 'memberships' &&
      organization &&
      all(kind).includes(organization) &&
      !isBack(kind, organization)
    )
      return false
    return dropped[kind]?.includes(id) || isHeld(kind, id)
  }
  const all = (kind: RightsKind) => [
    ...(given[kind] ?? []),
    ...(dropped[kind] ?? []),
    ...(shared[kind] ?? []),
  ]
  return {
    give: collectRightIds((kind) => all(kind).filter((id) => isBack(kind, id))),
    take: collectRightIds((kind) => (given[kind] ?? []).filter((id) => isHeld(kind, id))),
    withheld: collectRightIds((kind) => all(kind).filter((id) => !isBack(kind, id))),
  }
}

/** The kinds of rights in a snapshot. */
export const keptKinds = ({ given, dropped, shared }: KeptRights): RightsKind[] =>
  RIGHTS_KINDS.filter((kind) => given[kind] || dropped[kind] || shared[kind])

/** Merges the rights in two snapshots of one account. If both name a right, the later snapshot counts. */
export function mergeKeptRights(earlier: KeptRights | undefined, later: KeptRights): KeptRights {
  if (!earlier) return later
  const isLater = (kind: RightsKind, id: string) =>
    [later.given, later.dropped, later.shared].some((ids) => ids[kind]?.includes(id))
  const merged = (list: keyof KeptRights) =>
    collectRightIds((kind) => [
      ...(later[list][kind] ?? []),
      ...(earlier[list][kind] ?? []).filter((id) => !isLater(kind, id)),
    ])
  return { given: merged('given'), dropped: merged('dropped'), shared: merged('shared') }
}

/** The snapshot's rights for an account that has none, or whose rights could not be read. */
export const NO_RIGHTS: KeptRights = { given: {}, dropped: {}, shared: {} }

/** Whether a snapshot holds no rights. */
export const keptNone = (kept: KeptRights | undefined): boolean =>
  !kept || [kept.given, kept.dropped, kept.shared].every(hasNoRights)
