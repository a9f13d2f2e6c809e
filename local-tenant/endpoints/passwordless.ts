/**
 * `/u/passwordless`: a one-time code instead of a password.
 * @module
 */
import { randomInt } from 'node:crypto'
import { firstFactorProven } from '../login/login-flow'
import { connectionsOf, withPendingLogin } from '../login/pending-login'
import { randomToken } from '../login/transactions'
import type { StoredIdentity } from '../model'
import { codePage, passwordlessPage } from '../pages/login-pages'
import type { TenantState } from '../state'
import type { Endpoint, TenantParts } from '../tenant-parts'

const CODE_HINT =
  'Enter the code we sent you. No mail was sent: the code is shown on the inspector page, /_tenant/.'

/** Asks for an email address, then for the code sent to it. An unknown email address creates a new user. */
export function passwordless(parts: TenantParts): Endpoint {
  return withPendingLogin(parts, (context, transaction, form) => {
    const { state } = parts
    const action = `/u/passwordless?state=${transaction.id}`
    const connection = connectionsOf(parts, transaction).find(({ strategy }) => strategy === 'email')
    if (!connection) return context.redirect(`/u/login?state=${transaction.id}`, 302)
    if (context.req.method !== 'POST') return context.html(passwordlessPage(transaction))

    if (form.email !== undefined) {
      const email = form.email.trim().toLowerCase()
      const code = String(randomInt(1_000_000)).padStart(6, '0')
      transaction.passwordless = { email, code }
      state.sentCodes.push({ email, code, at: new Date(state.now()).toISOString() })
      return context.html(codePage(action, CODE_HINT))
    }
    const sent = transaction.passwordless
    if (!sent) return context.html(passwordlessPage(transaction))
    if (form.code?.trim() !== sent.code) {
      return context.html(codePage(action, CODE_HINT, 'The code you entered is invalid.'), 400)
    }
    const known = state.findAccount(connection.name, sent.email)?.identity
    if (!known) context.set('effect', 'create')
    const identity = known ?? newUser(state, connection.name, sent.email)
    return firstFactorProven(parts, context, transaction, identity, 'email')
  })
}

function newUser(state: TenantState, connection: string, email: string): StoredIdentity {
  const identity = { provider: 'email', user_id: randomToken().slice(0, 24), connection, isSocial: false }
  state.createUser({
    user_id: `email|${identity.user_id}`,
    email,
    email_verified: true,
    name: email,
    identities: [identity],
  })
  return identity
}
