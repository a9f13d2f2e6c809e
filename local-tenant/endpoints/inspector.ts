/**
 * `GET /_tenant/`: the tenant's state on one page, for people.
 * @module
 */
import { Hono } from 'hono'
import { html } from 'hono/html'
import type { TenantState } from '../state'
import type { TenantEnv } from '../tenant-env'
import { changes } from './inspector-changes'
import { mails, notices } from './inspector-notices'
import { inspectorStyle } from './inspector-style'
import { type Markup, userCard } from './inspector-user'

/** The most users that the page shows. `POST /_tenant/fill` can add more than a browser can show. */
const MAX_USERS = 200

/** Serves the page. It is plain HTML without scripts. */
export function inspector(state: TenantState): Hono<TenantEnv> {
  const app = new Hono<TenantEnv>()
  app.get('/_tenant', (context) => context.redirect('/_tenant/', 302))
  app.get('/_tenant/', (context) => {
    context.header('cache-control', 'no-store')
    return context.html(page(state))
  })
  return app
}

function page(state: TenantState): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Tenant inspector</title>
        <link rel="icon" href="data:," />
        ${inspectorStyle}
      </head>
      <body>
        <header>
          <h1>Tenant inspector</h1>
          <p>
            A local stand-in for Auth0 at <code>${state.settings.loginOrigin}</code> and
            <code>${state.settings.canonicalOrigin}</code>.
          </p>
          <form method="post" action="/_tenant/reset">
            <a href="/_tenant/">Refresh</a>
            <button>Reset</button>
          </form>
        </header>
        <main>
          ${section('changes', 'Changed since the last reset', changes(state))}
          ${section('users', `Users (${state.users.size})`, users(state))}
          ${section('sessions', 'Sessions', sessions(state))}
          ${section('notices', 'Notices', notices(state.events))}
          ${section('mails', 'Mails', mails(state.mails))}
          ${section('codes', 'One-time codes', codes(state))}
          ${section('verifications', 'Verification mails', verificationMails(state))}
          ${section('actions', 'Action log', actionLog(state))}
          ${section('calls', 'Calls', calls(state))}
        </main>
      </body>
    </html>`
}

function section(id: string, title: string, content: Markup): Markup {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section>`
}

function users(state: TenantState): Markup {
  const more = state.users.size - MAX_USERS
  const shown = [...state.users.values()].slice(0, MAX_USERS)
  return html`<div class="cards">${shown.map((user) => userCard(user, 'h3'))}</div>
    ${more > 0 ? html`<p>And ${more} more, which are not shown.</p>` : ''}`
}

function sessions(state: TenantState): Markup {
  return table(
    ['User', 'Signed in through', 'Since', 'Applications'],
    [...state.sessions.values()].map((session) => [
      state.users.has(session.user_id) ? session.user_id : `${session.user_id} (gone)`,
      session.identity.connection,
      new Date(session.auth_time * 1000).toISOString(),
      session.client_ids.join(', '),
    ]),
  )
}

function codes(state: TenantState): Markup {
  return table(
    ['Sent to', 'Code', 'At'],
    state.sentCodes.map(({ email, code, at }) => [email, code, at]),
  )
}

function verificationMails(state: TenantState): Markup {
  return table(
    ['Sent to', 'User', 'At', 'Link'],
    state.sentMails.map(({ to, user_id: user, at, url, used }) => [
      to,
      user,
      at,
      used ? 'used' : html`<a href="${url}">Verify this address</a>`,
    ]),
  )
}

function actionLog(state: TenantState): Markup {
  return table(
    ['At', 'Action', 'Handler', 'User', 'Line'],
    state.actionLogs.map(({ at, action, handler, user_id, line }) => [at, action, handler, user_id, line]),
  )
}

function calls(state: TenantState): Markup {
  return table(
    ['No.', 'Call', 'Status', 'Effect', 'Client'],
    state.ledger
      .toReversed()
      .map((call) => [
        `${call.n}`,
        `${call.method} ${call.path}`,
        call.status === 0 ? 'no answer' : `${call.status}`,
        call.effect ?? '',
        call.client_id ?? '',
      ]),
  )
}

function table(columns: string[], rows: (string | Markup)[][]): Markup {
  if (rows.length === 0) return html`<p>None.</p>`
  return html`<div class="scroll" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr>
            ${row.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
