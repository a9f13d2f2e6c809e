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

/** Rights of an account, as a sentence names them. */
export interface NamedRights {
  /** Names of roles. */
  roles?: readonly string[] | undefined
  /** Names of organizations. */
  organizations?: readonly string[] | undefined
  /** How many permissions. */
  permissions?: number | undefined
  /** Whether there are second factors or passkeys. */
  factors?: boolean
  /** How many roles and organizations beside those that are named. */
  more?: number | undefined
}

/**
 * Rights for a sentence. People know roles and organizations by the names that the tenant shows; permissions are only counted.
 *
 * @returns Undefined if there are none.
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
 * The names of some rights.
 *
 * @param of - What they were read of.
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

/** The sentence about kinds of rights of which something may be lost; none if there are none. */
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
