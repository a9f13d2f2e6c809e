/**
 * The `event` object of a post-login Action.
 * @module
 */

import type { PostLogin } from '../login/transactions'
import { computedProfile } from '../management/management-user'
import type { LoginOrganization, StoredUser } from '../model'
import { effectiveRoles, factorsOf } from '../rights'
import type { TenantState } from '../state'
import type { ActionRequest } from '../tenant-parts'

/**
 * Builds the `event` that describes a login to an Action.
 *
 * @param state - The tenant.
 * @param login - The login, with the changes that earlier Actions asked for.
 * @param user - The user of the login, as stored now.
 * @param request - The HTTP request during which the Action runs.
 * @param secrets - The Action's secrets.
 * @see https://auth0.com/docs/actions/reference/post-login/post-login-event-object
 */
export function postLoginEvent(
  state: TenantState,
  login: PostLogin,
  user: StoredUser,
  request: ActionRequest,
  secrets: Record<string, string>,
): Record<string, unknown> {
  const connection = state.connections.find(({ name }) => name === login.identity.connection)
  return structuredClone({
    user: eventUser(user, login),
    connection: {
      id: connection?.id,
      name: login.identity.connection,
      strategy: connection?.strategy ?? login.identity.provider,
      metadata: {},
    },
    client: {
      client_id: login.client.client_id,
      name: login.client.name,
      metadata: login.client.client_metadata,
    },
    request,
    transaction: eventTransaction(login),
    authentication: { methods: login.methods },
    authorization: { roles: effectiveRoles(user, login.organization?.name) },
    stats: { logins_count: user.logins_count },
    tenant: { id: 'local' },
    secrets,
    ...(login.session && { session: { id: login.session.id } }),
    ...(login.organization && { organization: eventOrganization(state, login.organization) }),
  })
}

function eventOrganization({ brand }: TenantState, { id, name }: LoginOrganization): Record<string, unknown> {
  const found = brand.organizations.find((each) => each.id === id)
  return { id, name, display_name: found?.display_name ?? name, metadata: {} }
}

function eventUser(user: StoredUser, login: PostLogin): Record<string, unknown> {
  const {
    password: _password,
    mfa: _mfa,
    rights: _rights,
    blocked: _blocked,
    logins_count: _count,
    user_metadata_cleared: _cleared,
    ...profile
  } = user
  const factors = factorsOf(user)
  return {
    ...computedProfile(user),
    ...profile,
    email_verified: user.email_verified ?? false,
    // Later Actions of a login see the metadata that earlier Actions set, even before the tenant stores it.
    user_metadata: merged(user.user_metadata, login.userMetadata),
    app_metadata: merged(user.app_metadata, login.appMetadata),
    identities: user.identities.map(({ password: _secret, profileData, ...identity }, index) =>
      index === 0 ? identity : { ...identity, profileData: profileData ?? {} },
    ),
    multifactor: factors,
    enrolledFactors: factors.map((factor) => ({ type: factor, method: factor })),
  }
}

function eventTransaction(login: PostLogin): Record<string, unknown> {
  const { request } = login
  return {
    id: login.transactionId,
    protocol: login.protocol,
    requested_scopes: login.scopes,
    acr_values: request?.acrValues ?? [],
    ui_locales: request?.uiLocales ?? [],
    locale: request?.uiLocales[0] ?? 'en',
    metadata: login.metadata,
    ...(request && {
      redirect_uri: request.redirectUri,
      response_type: request.responseTypes,
      response_mode: request.responseMode,
      prompt: request.prompt,
      state: request.state,
      login_hint: request.loginHint,
    }),
  }
}

/**
 * Merges a change into metadata at the first level.
 *
 * @param metadata - Not changed.
 * @param change - `null` removes a key.
 */
export function merged(
  metadata: Record<string, unknown>,
  change: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries({ ...metadata, ...change }).filter(([, value]) => value !== null && value !== undefined),
  )
}
