/**
 * Gives rights (roles, permissions, memberships) to an account, and takes them from it.
 * @module
 */
import { type RightsCalls, userPath } from './read-rights'
import { organizationOfRole, organizationsIn, type RightIds, type RightsKind, splitRightId } from './rights'

/** One API call that gives or takes rights, and the ids of these rights. */
interface Change {
  kind: RightsKind
  ids: readonly string[]
  path: string
  body: object
}

/**
 * The API calls that give or take some rights, in order: an account must be a member of an organization before it can get roles
 * there. Factors are left out, because only their owner can enroll one.
 */
function changesFor(userId: string, ids: RightIds, isTaking: boolean): Change[] {
  const user = userPath(userId)
  const { roles = [], permissions = [], memberships = [] } = ids
  const changes: Change[] = []
  if (roles.length > 0) changes.push({ kind: 'roles', ids: roles, path: `${user}/roles`, body: { roles } })
  if (permissions.length > 0)
    changes.push({
      kind: 'permissions',
      ids: permissions,
      path: `${user}/permissions`,
      body: {
        permissions: permissions.map(splitRightId).map(([permission_name, resource_server_identifier]) => ({
          resource_server_identifier,
          permission_name,
        })),
      },
    })
  for (const organization of organizationsIn(memberships)) {
    const members = `/organizations/${encodeURIComponent(organization)}/members`
    const isMembership = memberships.includes(organization)
    if (isMembership)
      changes.push({
        kind: 'memberships',
        ids: [organization],
        path: members,
        body: { members: [userId] },
      })
    const inIt = memberships.filter((id) => organizationOfRole(id) === organization)
    // Removing a member also removes the member's roles.
    if (inIt.length > 0 && !(isTaking && isMembership))
      changes.push({
        kind: 'memberships',
        ids: inIt,
        path: `${members}/${encodeURIComponent(userId)}/roles`,
        body: { roles: inIt.map((id) => splitRightId(id)[1]) },
      })
  }
  return changes
}

/**
 * Gives rights to an account. The account keeps the rights that it already has, so this can be repeated.
 *
 * @throws {CallFailure} If an API call fails. The rights of the calls before it have been given by then.
 * @see {@link https://auth0.com/docs/api/management/v2/users/post-user-roles Assign roles to a user}
 * @see {@link https://auth0.com/docs/api/management/v2/users/post-permissions Assign permissions to a user}
 * @see {@link https://auth0.com/docs/api/management/v2/organizations/post-members Add members to an organization}
 */
export async function giveRights(
  api: Pick<RightsCalls, 'call'>,
  userId: string,
  ids: RightIds,
): Promise<void> {
  for (const { path, body } of changesFor(userId, ids, false)) await api.call('POST', path, body)
}

/**
 * Takes rights from an account. Taking a right that the account does not have changes nothing, so this can be repeated.
 *
 * @throws {CallFailure} If an API call fails. The rights of the calls before it have been taken by then.
 */
export async function takeRights(
  api: Pick<RightsCalls, 'call'>,
  userId: string,
  ids: RightIds,
): Promise<void> {
  for (const { path, body } of changesFor(userId, ids, true)) await api.call('DELETE', path, body)
}

/**
 * Gives rights to an account, except those that no longer exist: a role or an organization may have been deleted since.
 *
 * @param isFinal - Whether a failed API call would fail again if repeated.
 * @returns The ids of the rights that the tenant refuses for good.
 * @throws {CallFailure} If an API call fails and might succeed if repeated.
 */
export async function giveRightsThatExist(
  api: Pick<RightsCalls, 'call'>,
  userId: string,
  ids: RightIds,
  isFinal: (failure: unknown) => boolean,
): Promise<string[]> {
  const refused: string[] = []
  for (const change of changesFor(userId, ids, false)) {
    const [first = ''] = change.ids
    // The account could not become a member of this organization, so it cannot get roles there.
    if (change.kind === 'memberships' && refused.includes(splitRightId(first)[0])) {
      refused.push(...change.ids)
      continue
    }
    try {
      await api.call('POST', change.path, change.body)
    } catch (error) {
      if (!isFinal(error)) throw error
      if (change.ids.length === 1) refused.push(...change.ids)
      // Tries the ids one by one, so that the account gets the rights that still exist.
      else
        for (const id of change.ids)
          refused.push(...(await giveRightsThatExist(api, userId, { [change.kind]: [id] }, isFinal)))
    }
  }
  return refused
}
