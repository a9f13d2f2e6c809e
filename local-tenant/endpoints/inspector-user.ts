/**
 * One user on the inspector.
 * @module
 */
import { html } from 'hono/html'
import { toManagementUser } from '../management/management-user'
import type { StoredUser } from '../model'

/** Escaped markup. */
export type Markup = ReturnType<typeof html>

/**
 * A card with a user's address, identities and metadata.
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
      ${user.blocked ? html`<strong>blocked</strong>` : ''} ${user.mfa ? html`<strong>second factor</strong>` : ''}
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
    ${metadata('user_metadata', user_metadata)} ${metadata('app_metadata', app_metadata)}
  </article>`
}

function metadata(name: string, value: unknown): Markup | string {
  if (value === undefined) return ''
  return html`<details open>
    <summary>${name}</summary>
    <pre tabindex="0">${JSON.stringify(value, null, 2)}</pre>
  </details>`
}
