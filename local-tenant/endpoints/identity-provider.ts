/**
 * `/u/identity-provider`: the stand-in for the identity providers of social and enterprise connections.
 * @module
 */
import { randomInt } from 'node:crypto'
import { firstFactorProven } from '../login/login-flow'
import { connectionsOf, withPendingLogin } from '../login/pending-login'
import type { StoredConnection, StoredIdentity } from '../model'
import { identityProviderPage, type ProviderPerson } from '../pages/identity-provider-page'
import type { TenantState } from '../state'
import type { Endpoint, TenantParts } from '../tenant-parts'
import { isSocial } from '../world/world'

/** Lists the accounts at the provider, and signs the user in with the account that the user chooses or creates. */
export function identityProvider(parts: TenantParts): Endpoint {
  return withPendingLogin(parts, (context, transaction, form) => {
    const { state } = parts
    const connection = connectionsOf(parts, transaction).find(
      ({ name, strategy }) =>
        name === (form.connection ?? transaction.request.connection) &&
        strategy !== 'auth0' &&
        strategy !== 'email',
    )
    if (!connection) return context.redirect(`/u/login?state=${transaction.id}`, 302)

    const accounts = accountsOf(state, connection)
    const chosen = accounts.find(({ identity, displayName }) =>
      form.person === undefined ? displayName === form.email?.trim() : identity.user_id === form.person,
    )
    if (chosen) return firstFactorProven(parts, context, transaction, chosen.identity, 'federated')
    if (form.email === undefined || form.email.trim() === '') {
      const people = accounts.map(
        ({ identity, displayName }): ProviderPerson => ({ id: identity.user_id, displayName }),
      )
      return context.html(identityProviderPage(transaction, connection, people))
    }
    const identity = newAccount(state, connection, form.email.trim(), form.name?.trim() || form.email.trim())
    context.set('effect', 'create')
    return firstFactorProven(parts, context, transaction, identity, 'federated')
  })
}

function accountsOf(
  state: TenantState,
  connection: StoredConnection,
): { identity: StoredIdentity; displayName: string }[] {
  return [...state.users.values()].flatMap((user) =>
    user.identities
      .filter((identity) => identity.connection === connection.name)
      .map((identity) => {
        const profile = identity === user.identities[0] ? user : identity.profileData
        return { identity, displayName: String(profile?.email ?? profile?.name ?? identity.user_id) }
      }),
  )
}

function newAccount(
  state: TenantState,
  { name, strategy }: StoredConnection,
  email: string,
  personName: string,
): StoredIdentity {
  const social = isSocial(strategy)
  // Identity ids of social connections are numbers. Those of enterprise connections begin with the connection's name.
  const id = social ? `${randomInt(1e9, 1e10)}${randomInt(1e9, 1e10)}` : `${name}|${email}`
  const identity = { provider: strategy, user_id: id, connection: name, isSocial: social }
  state.createUser({
    user_id: `${strategy}|${id}`,
    email,
    email_verified: true,
    name: personName,
    identities: [identity],
  })
  return identity
}
