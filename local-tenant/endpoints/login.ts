/**
 * `/u/login` and `/u/mfa`: password and second factor.
 * @module
 */
import { authenticated, factorProven, firstFactorProven } from '../login/login-flow'
import { connectionsOf, withPendingLogin } from '../login/pending-login'
import type { AuthenticationMethod, StoredIdentity } from '../model'
import { codePage, loginPage } from '../pages/login-pages'
import type { TenantState } from '../state'
import type { Endpoint, TenantParts } from '../tenant-parts'

/** The code that every second factor accepts. */
const ONE_TIME_CODE = '000000'

/** Shows the first page of a login, checks a password, or redirects to the chosen connection. */
export function login(parts: TenantParts): Endpoint {
  return withPendingLogin(parts, (context, transaction, form) => {
    const connections = connectionsOf(parts, transaction)
    const databases = connections.filter(({ strategy }) => strategy === 'auth0').map(({ name }) => name)
    const others = connections.filter(({ strategy }) => strategy !== 'auth0')
    const chosen = others.find(({ name }) => name === form.connection)
    if (chosen) {
      transaction.request.connection = chosen.name
      const path = chosen.strategy === 'email' ? '/u/passwordless' : '/u/identity-provider'
      return context.redirect(`${path}?state=${transaction.id}`, 302)
    }
    const ways = { hasPassword: databases.length > 0, others }
    if (context.req.method !== 'POST') {
      return context.html(loginPage(transaction, ways, transaction.request.loginHint))
    }
    const identity = identityByPassword(parts.state, databases, form.username ?? '', form.password ?? '')
    if (!identity) {
      return context.html(loginPage(transaction, ways, form.username, 'Wrong email or password.'), 400)
    }
    return firstFactorProven(parts, context, transaction, identity, 'pwd')
  })
}

/** Asks for the second factor, and checks it. */
export function mfa(parts: TenantParts): Endpoint {
  return withPendingLogin(parts, (context, transaction, form) => {
    const action = `/u/mfa?state=${transaction.id}`
    const { identified, ran } = transaction
    const user =
      identified && parts.state.findUserByIdentity(identified.identity.provider, identified.identity.user_id)
    const continueWith = (factor: AuthenticationMethod) => {
      if (ran) return factorProven(parts, context, transaction, ran, factor)
      if (!identified || !user) return context.redirect(`/u/login?state=${transaction.id}`, 302)
      const methods = [identified.method, factor]
      return authenticated(parts, context, transaction, user, identified.identity, methods)
    }
    if (!ran && !user) return context.redirect(`/u/login?state=${transaction.id}`, 302)

    const hint = `Enter the code of your authenticator app. Here it is always ${ONE_TIME_CODE}.`
    if (context.req.method !== 'POST') return context.html(codePage(action, hint))
    if (form.code?.trim() !== ONE_TIME_CODE) {
      return context.html(codePage(action, hint, 'The code you entered is invalid.'), 400)
    }
    return continueWith({ name: 'mfa', type: 'otp', timestamp: new Date(parts.state.now()).toISOString() })
  })
}

/**
 * Finds the database account with this email address and password.
 *
 * @param databases - Names of the connections to search.
 */
export function identityByPassword(
  state: TenantState,
  databases: string[],
  email: string,
  password: string,
): StoredIdentity | undefined {
  const accounts = databases.map((connection) => state.findAccount(connection, email.trim()))
  return accounts.find((account) => account?.password !== undefined && account.password === password)
    ?.identity
}
