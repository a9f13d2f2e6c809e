/**
 * The stand-in for the sign-in pages of Google, GitHub and other identity providers.
 * @module
 */
import { html } from 'hono/html'
import type { LoginTransaction } from '../login/transactions'
import type { StoredConnection } from '../model'
import { connectionLabel } from './login-pages'
import { type Markup, renderPage } from './page'

/** A person with an account at an identity provider. */
export interface ProviderPerson {
  /** The identity id: the account's id without the provider. */
  id: string
  /** The email address, or the name or the id if there is none. */
  displayName: string
}

/**
 * Lists the accounts at the provider, and has a form to create another one.
 *
 * @param transaction - The login.
 * @param connection - The provider.
 * @param people - The accounts at the provider.
 */
export function identityProviderPage(
  transaction: LoginTransaction,
  connection: StoredConnection,
  people: ProviderPerson[],
): Markup {
  const label = connectionLabel(connection)
  const action = `/u/identity-provider?state=${transaction.id}`
  const connectionField = html`<input type="hidden" name="connection" value="${connection.name}">`
  return renderPage(
    `Choose an account at ${label}`,
    html`${people.map(
      ({ id, displayName }) => html`<form method="post" action="${action}">
${connectionField}<input type="hidden" name="person" value="${id}">
<button class="quiet">${displayName}</button>
</form>`,
    )}
<h2 id="another">Use another account</h2>
<form method="post" action="${action}" aria-labelledby="another">
${connectionField}
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="off" required>
<label for="name">Name</label>
<input id="name" name="name" autocomplete="off" required>
<button>Continue</button>
</form>`,
    `This page stands in for ${label}, beside a local stand-in for Auth0. For development only.`,
  )
}
