/**
 * What an account holds beside its profile, and what of it would be lost with an account that ends. Auth0 discards all of it with
 * the link.
 * @module
 */

/** The kinds of what an account can hold. */
export const RIGHTS_KINDS = ['roles', 'permissions', 'memberships', 'factors'] as const
export type RightsKind = (typeof RIGHTS_KINDS)[number]

/**
 * What an account holds of one kind: by id, what the tenant calls it.
 *
 * - roles: the role's id.
 * - permissions: the permission's name, a space, and the identifier of its API.
 * - memberships: the organization's id; for each role in it, both ids with a space between.
 * - factors: the type of an authentication method, such as `totp` or `passkey`.
 */
export type Held = Readonly<Record<string, string>>

/** What an account holds, as far as it was read. */
export type Rights = { readonly [Kind in RightsKind]?: Held }

/** The ids of some of it, by kind; a kind without any is left out. */
export type RightIds = { readonly [Kind in RightsKind]?: readonly string[] }

/** Both parts of an id that has two: of a permission, or of a role in an organization. The second one is empty otherwise. */
export function partsOf(id: string): [first: string, second: string] {
  const at = id.indexOf(' ')
  return at < 0 ? [id, ''] : [id.slice(0, at), id.slice(at + 1)]
}

/** The ids of the organizations that a list of memberships names. */
export const organizationsIn = (ids: readonly string[] = []): string[] => [
  ...new Set(ids.map((id) => partsOf(id)[0])),
]

/** The organization of a role in one; undefined if an id is of anything else in a list of memberships. */
export function organizationOfRole(id: string): string | undefined {
  const [organization, role] = partsOf(id)
  return role ? organization : undefined
}

/** Makes something of every kind, and leaves out those of which nothing is made. */
export function ofKinds(read: (kind: RightsKind) => readonly string[]): RightIds {
  const all = RIGHTS_KINDS.map((kind) => [kind, read(kind)] as const)
  return Object.fromEntries(all.filter(([, ids]) => ids.length > 0))
}

/** Whether there is nothing of any kind. */
export const isNone = (ids: RightIds): boolean => Object.keys(ids).length === 0

/**
 * What one account holds and another one lacks. Of a kind that was not read of both, nothing is known to be missing.
 *
 * @param of - The kinds that count; all by default.
 */
export const missingIn = (
  staying: Rights = {},
  ending: Rights = {},
  of: (kind: RightsKind) => boolean = () => true,
): RightIds =>
  ofKinds((kind) => {
    const [has, had] = [staying[kind], ending[kind]]
    return has && had && of(kind) ? Object.keys(had).filter((id) => !Object.hasOwn(has, id)) : []
  })
