import 'server-only'
import {
  organizationsIn,
  RIGHTS_KINDS,
  type RightIds,
  type Rights,
  type RightsKind,
} from '@/core/rights/rights'
import type { Messages } from './en'
import { isolated } from './field-names'
import { listOf } from './list'

/** An account's rights, in the form in which a sentence names them. */
export interface NamedRights {
  /** Names of roles. */
  roles?: readonly string[] | undefined
  /** Names of organizations. */
  organizations?: readonly string[] | undefined
  /** The number of permissions. */
  permissions?: number | undefined
  /** Whether there are second factors or passkeys. */
  factors?: boolean
  /** The number of further roles and organizations, which are not named. */
  more?: number | undefined
}

/**
 * Lists rights for use in a sentence. Roles and organizations are named; permissions are only counted.
 *
 * @returns Undefined if there are no rights.
 */
export function rightsList(
  { rights: words, ...messages }: Messages,
  { roles = [], organizations = [], permissions = 0, factors = false, more = 0 }: NamedRights,
): string | undefined {
  const named = (names: readonly string[], say: Messages['rights']['roles']) =>
    names.length > 0 ? [say({ count: names.length, names: listOf(messages, names.map(isolated)) })] : []
  const parts = [
    ...named(roles, words.roles),
    ...named(organizations, words.organizations),
    ...(permissions > 0 ? [words.permissions({ count: permissions })] : []),
    ...(more > 0 ? [words.more({ count: more })] : []),
    ...(factors ? [words.factors] : []),
  ]
  return parts.length > 0 ? listOf(messages, parts) : undefined
}

/**
 * Looks up the names of rights.
 *
 * @param of - The rights of an account, with names by id.
 * @param ids - The rights to name. A role or an organization whose name is not known is only counted.
 */
export function namesOf(of: Rights | undefined, ids: RightIds): NamedRights {
  const named = (kind: RightsKind, all: readonly string[]) => all.flatMap((id) => of?.[kind]?.[id] ?? [])
  const { roles = [], memberships = [], permissions, factors } = ids
  const organizations = organizationsIn(memberships)
  const names = { roles: named('roles', roles), organizations: named('memberships', organizations) }
  return {
    ...names,
    permissions: permissions?.length,
    factors: factors !== undefined,
    more: roles.length - names.roles.length + organizations.length - names.organizations.length,
  }
}

/** A list with the one sentence that says which kinds of rights may be lost; empty if no kind may be. */
export function lostKinds(messages: Messages, kinds: readonly RightsKind[]): string[] {
  const { effects, rights } = messages
  if (kinds.length === RIGHTS_KINDS.length) return [effects.ends]
  const names: Record<RightsKind, string> = {
    roles: rights.allRoles,
    permissions: rights.allPermissions,
    memberships: rights.allOrganizations,
    factors: rights.factors,
  }
  return kinds.length > 0
    ? [
        rights.lostKinds({
          kinds: listOf(
            messages,
            kinds.map((kind) => names[kind]),
          ),
        }),
      ]
    : []
}
