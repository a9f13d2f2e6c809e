/**
 * What an account gets back of its rights when it stands alone again, and what the account it was part of gives up.
 * @module
 */
import {
  isNone,
  ofKinds,
  organizationOfRole,
  RIGHTS_KINDS,
  type RightIds,
  type Rights,
  type RightsKind,
} from '../rights/rights'
import type { KeptRights } from './snapshot'

/** What is given back of rights, and what is not. */
export interface RightsReturn {
  /** Goes to the account that stands alone again. */
  give: RightIds
  /** Leaves the account it was part of: it only came from there, and is still held. */
  take: RightIds
  /** Not given back: it was taken away since, or cannot be read, or only its owner can make it again. */
  withheld: RightIds
}

/**
 * Works out what is given back of rights. A right that the account it was part of no longer holds was taken away since, and is not
 * given back: that would undo what the operator did.
 *
 * @param now - What the account it was part of holds now, as far as it was read.
 * @param kept - What the link kept; undefined if it kept nothing.
 * @param gone - Ids of what no longer exists at the tenant.
 */
export function planRightsReturn(
  now: Rights,
  kept: KeptRights | undefined,
  gone: readonly string[] = [],
): RightsReturn {
  const { given, dropped, shared } = kept ?? NO_RIGHTS
  const isHeld = (kind: RightsKind, id: string) => Object.hasOwn(now[kind] ?? {}, id)
  const isBack = (kind: RightsKind, id: string): boolean => {
    const organization = organizationOfRole(id)
    if (kind === 'factors' || !now[kind] || gone.includes(id)) return false
    // Roles in an organization go with the membership.
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
    give: ofKinds((kind) => all(kind).filter((id) => isBack(kind, id))),
    take: ofKinds((kind) => (given[kind] ?? []).filter((id) => isHeld(kind, id))),
    withheld: ofKinds((kind) => all(kind).filter((id) => !isBack(kind, id))),
  }
}

/** The kinds that a snapshot kept anything of. */
export const keptKinds = ({ given, dropped, shared }: KeptRights): RightsKind[] =>
  RIGHTS_KINDS.filter((kind) => given[kind] || dropped[kind] || shared[kind])

/** What two snapshots of one account kept of its rights. If both name one, the later one counts. */
export function mergeKeptRights(earlier: KeptRights | undefined, later: KeptRights): KeptRights {
  if (!earlier) return later
  const isLater = (kind: RightsKind, id: string) =>
    [later.given, later.dropped, later.shared].some((ids) => ids[kind]?.includes(id))
  const merged = (list: keyof KeptRights) =>
    ofKinds((kind) => [
      ...(later[list][kind] ?? []),
      ...(earlier[list][kind] ?? []).filter((id) => !isLater(kind, id)),
    ])
  return { given: merged('given'), dropped: merged('dropped'), shared: merged('shared') }
}

/** What a snapshot keeps of an account that holds nothing, or of which nothing could be read. */
export const NO_RIGHTS: KeptRights = { given: {}, dropped: {}, shared: {} }

/** Whether a snapshot kept no rights at all. */
export const keptNone = (kept: KeptRights | undefined): boolean =>
  !kept || [kept.given, kept.dropped, kept.shared].every(isNone)
