/**
 * One user in the inspector.
 * @module
 */
import { html } from 'hono/html'
import { toManagementUser } from '../management/management-user'
import type { StoredUser } from '../model'
import { factorsOf } from '../rights'

/** Escaped markup. */
export type Markup = ReturnType<typeof html>

/**
 * A card with a user's email address, identities, rights and metadata.
 *
 * @param user - The user, as stored now or earlier.
 * @param heading - The heading level that fits the place of the card.
 */
export function userCard(user: StoredUser, heading: 'h3' | 'h5'): Markup {
  const { user_metadata, app_metadata } = toManagementUser(user)
  const name = user.name ?? user.user_id
  const count = user.identities.length
  return html`<article>
    ${heading === 'h3' ? html`<h3>${name}</h3>` : html`<h5>${name}</h5>`}
    <p>
      <code>${user.user_id}</code><br />
      ${user.email ?? 'no email'}${user.email_verified ? '' : ' (not verified)'}
      ${user.blocked ? html`<strong>blocked</strong>` : ''} ${factorsOf(user).length > 0 ? html`<strong>second factor</strong>` : ''}
    </p>
    <p>${count === 1 ? 'One way in' : `${count} ways in`}, ${user.logins_count} logins</p>
    <ul>
      ${user.identities.map(
        (identity, index) => html`<li>
          <code>${identity.provider}|${identity.user_id}</code> through ${identity.connection},
          ${index === 0 ? 'primary' : 'linked'}
        </li>`,
      )}
    </ul>
    ${rights(user)} ${metadata('user_metadata', user_metadata)} ${metadata('app_metadata', app_metadata)}
  </article>`
}

/**
 * Lists the account's roles, permissions, organizations and authentication methods, one kind a line. Returns an empty string
 * if there are none.
 */
function rights({ rights: held }: StoredUser): Markup | string {
  const lines = [
    ['Roles', held?.roles ?? []],
    [
      'Permissions',
      held?.permissions.map((each) => `${each.permission_name} of ${each.resource_server_identifier}`),
    ],
    [
      'Organizations',
      held?.organizations.map(({ name, roles }) =>
        roles.length > 0 ? `${name} (${roles.join(', ')})` : name,
      ),
    ],
    ['Authentication methods', held?.authentication_methods.map(({ type }) => type)],
  ] as const
  const shown = lines.filter(([, values]) => values && values.length > 0)
  if (shown.length === 0) return ''
  return html`<p>${shown.map(([kind, values]) => html`${kind}: ${values?.join(', ')}<br />`)}</p>`
}

function metadata(name: string, value: unknown): Markup | string {
  if (value === undefined) return ''
  return html`<details open>
    <summary>${name}</summary>
    <pre tabindex="0">${JSON.stringify(value, null, 2)}</pre>
  </details>`
}
