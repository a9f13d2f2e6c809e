/**
 * Rights: the roles, permissions, memberships in organizations and factors of an account. Auth0 discards those of the secondary
 * account at a link.
 * @module
 */

/** The kinds of rights. */
export const RIGHTS_KINDS = ['roles', 'permissions', 'memberships', 'factors'] as const
export type RightsKind = (typeof RIGHTS_KINDS)[number]

/**
 * An account's rights of one kind. Keys are ids, values are the names that the tenant shows. The ids are, by kind:
 *
 * - roles: the role's id.
 * - permissions: the permission's name, a space, and the identifier of its API.
 * - memberships: the organization's id; for each role in it, both ids with a space between.
 * - factors: the type of an authentication method, such as `totp` or `passkey`.
 */
export type RightsOfKind = Readonly<Record<string, string>>

/** An account's rights by kind. A kind that was not read is missing. */
export type Rights = { readonly [Kind in RightsKind]?: RightsOfKind }

/** Ids of rights, by kind. A kind without any is left out. */
export type RightIds = { readonly [Kind in RightsKind]?: readonly string[] }

/** Splits the id of a permission, or of a role in an organization, into its two parts. For any other id, the second is empty. */
export function splitRightId(id: string): [first: string, second: string] {
  const at = id.indexOf(' ')
  return at < 0 ? [id, ''] : [id.slice(0, at), id.slice(at + 1)]
}

/** The ids of the organizations in a list of membership ids. */
export const organizationsIn = (ids: readonly string[] = []): string[] => [
  ...new Set(ids.map((id) => splitRightId(id)[0])),
]

/** The organization to which a role in a list of membership ids belongs; undefined if the id is not that of a role. */
export function organizationOfRole(id: string): string | undefined {
  const [organization, role] = splitRightId(id)
  return role ? organization : undefined
}

/** Collects ids for every kind of rights, and leaves out the kinds without any. */
export function collectRightIds(read: (kind: RightsKind) => readonly string[]): RightIds {
  const all = RIGHTS_KINDS.map((kind) => [kind, read(kind)] as const)
  return Object.fromEntries(all.filter(([, ids]) => ids.length > 0))
}

/** Whether there are no ids of any kind. */
export const hasNoRights = (ids: RightIds): boolean => Object.keys(ids).length === 0

/**
 * The rights that one account has and another one lacks. If a kind was not read for both accounts, none of it counts as missing.
 *
 * @param primary - Rights of the account that may lack some.
 * @param secondary - Rights of the account that has them.
 * @param of - The kinds that count; all by default.
 */
export const rightsMissingIn = (
  primary: Rights = {},
  secondary: Rights = {},
  of: (kind: RightsKind) => boolean = () => true,
): RightIds =>
  collectRightIds((kind) => {
    const [has, had] = [primary[kind], secondary[kind]]
    return has && had && of(kind) ? Object.keys(had).filter((id) => !Object.hasOwn(has, id)) : []
  })
