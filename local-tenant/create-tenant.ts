/**
 * The tenant as one Hono application: its routes and middleware.
 * @module
 */
import { Hono } from 'hono'
import type { ActionRuntime } from './actions/action-runtime'
import { faults } from './control/faults'
import { ledger } from './control/ledger'
import { CROSS_ORIGIN_PATHS, crossOrigin } from './cross-origin'
import { authorize } from './endpoints/authorize'
import { continueLogin } from './endpoints/continue'
import { controlApi } from './endpoints/control'
import { discovery, jwks } from './endpoints/discovery'
import { emailVerification } from './endpoints/email-verification'
import { enroll } from './endpoints/enrollments'
import { identityProvider } from './endpoints/identity-provider'
import { login, mfa } from './endpoints/login'
import { logout, oidcLogout } from './endpoints/logout'
import { managementApi } from './endpoints/management-api'
import { mfaEnroll } from './endpoints/mfa-enroll'
import { passwordless } from './endpoints/passwordless'
import { revoke } from './endpoints/revoke'
import { token } from './endpoints/token'
import { userinfo } from './endpoints/userinfo'
import { Transactions } from './login/transactions'
import { jsonCharset } from './management/answer-headers'
import { rateHeaders } from './management/rate-limit'
import { ownHostsOnly } from './own-hosts'
import { errorPage } from './pages/login-pages'
import type { TenantState } from './state'
import type { TenantEnv } from './tenant-env'

/**
 * Builds the tenant. It serves both the login domain and the canonical domain, and tells them apart by the request's URL.
 *
 * @param state - The tenant's state.
 * @param actions - Runs the tenant's Actions.
 */
export function createTenant(state: TenantState, actions: ActionRuntime): Hono<TenantEnv> {
  const parts = { state, actions, transactions: new Transactions(state) }
  state.onReset(() => actions.clearCache())

  const app = new Hono<TenantEnv>()
  app.use(ownHostsOnly(state))
  app.use(ledger(state))
  for (const path of CROSS_ORIGIN_PATHS) app.use(path, crossOrigin(state))
  app.use(faults(state))
  app.use(jsonCharset())
  app.use('/oauth/token', rateHeaders(state))
  app.get('/.well-known/openid-configuration', discovery(parts))
  app.get('/.well-known/jwks.json', jwks(parts))
  app.on(['GET', 'POST'], '/authorize', authorize(parts))
  app.on(['GET', 'POST'], '/u/login', login(parts))
  app.on(['GET', 'POST'], '/u/mfa', mfa(parts))
  app.on(['GET', 'POST'], '/u/mfa-enroll', mfaEnroll(parts))
  app.on(['GET', 'POST'], '/u/passwordless', passwordless(parts))
  app.on(['GET', 'POST'], '/u/identity-provider', identityProvider(parts))
  app.get('/u/email-verification', emailVerification(parts))
  app.on(['GET', 'POST'], '/u/enroll', enroll(parts))
  app.on(['GET', 'POST'], '/continue', continueLogin(parts))
  app.post('/oauth/token', token(parts))
  app.post('/oauth/revoke', revoke(parts))
  app.on(['GET', 'POST'], '/userinfo', userinfo(parts))
  app.get('/v2/logout', logout(parts))
  app.on(['GET', 'POST'], '/oidc/logout', oidcLogout(parts))
  app.route('/', managementApi(state))
  app.route('/', controlApi(state))
  app.notFound((context) => context.html(errorPage('not_found', 'There is nothing at this address.'), 404))
  return app
}
