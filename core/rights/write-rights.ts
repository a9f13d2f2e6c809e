/**
 * Giving an account rights, and taking them from it.
 * @module
 */
import { type RightsCalls, userPath } from './read-rights'
import { organizationOfRole, organizationsIn, partsOf, type RightIds, type RightsKind } from './rights'

/** One call that gives or takes, and what it is about. */
interface Change {
  kind: RightsKind
  ids: readonly string[]
  path: string
  body: object
}

/**
 * The calls, in their order: an account becomes a member before it gets roles as one. Factors cannot be given: only their owner can
 * enrol one.
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
        permissions: permissions.map(partsOf).map(([permission_name, resource_server_identifier]) => ({
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
    // With a membership go the roles of the member.
    if (inIt.length > 0 && !(isTaking && isMembership))
      changes.push({
        kind: 'memberships',
        ids: inIt,
        path: `${members}/${encodeURIComponent(userId)}/roles`,
        body: { roles: inIt.map((id) => partsOf(id)[1]) },
      })
  }
  return changes
}

/**
 * Gives an account rights. What it holds already it goes on holding, so this can be repeated.
 *
 * @throws {CallFailure} Of the first call that fails: what comes before it is given then.
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
 * Takes rights from an account. What it does not hold it goes on not holding, so this can be repeated.
 *
 * @throws {CallFailure} Of the first call that fails.
 */
export async function takeRights(
  api: Pick<RightsCalls, 'call'>,
  userId: string,
  ids: RightIds,
): Promise<void> {
  for (const { path, body } of changesFor(userId, ids, true)) await api.call('DELETE', path, body)
}

/**
 * Gives an account as much of some rights as there still is: a role may have been deleted since, or an organization.
 *
 * @param isFinal - Whether a failed call would fail again.
 * @returns What the tenant refuses for good, by id.
 * @throws {CallFailure} If a call fails and might not fail again.
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
    // Roles in an organization that the account does not become a member of.
    if (change.kind === 'memberships' && refused.includes(partsOf(first)[0])) {
      refused.push(...change.ids)
      continue
    }
    try {
      await api.call('POST', change.path, change.body)
    } catch (error) {
      if (!isFinal(error)) throw error
      if (change.ids.length === 1) refused.push(...change.ids)
      // One by one, so that those that still exist are given.
      else
        for (const id of change.ids)
          refused.push(...(await giveRightsThatExist(api, userId, { [change.kind]: [id] }, isFinal)))
    }
  }
  return refused
}
