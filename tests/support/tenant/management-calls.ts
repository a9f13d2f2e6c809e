/**
 * The local tenant's Management API and control API without HTTP servers, for tests of their responses.
 * @module
 */
import { Hono } from 'hono'
import { faults } from '@/local-tenant/control/faults'
import { ledger } from '@/local-tenant/control/ledger'
import { doorOf } from '@/local-tenant/door'
import { clientCredentials } from '@/local-tenant/endpoints/client-credentials'
import { controlApi } from '@/local-tenant/endpoints/control'
import { managementApi } from '@/local-tenant/endpoints/management-api'
import { TenantState } from '@/local-tenant/state'
import type { TenantEnv } from '@/local-tenant/tenant-env'
import { createSigner } from '@/local-tenant/tokens'
import type { World } from '@/local-tenant/world/world'

const CANONICAL = 'https://localhost:4401'

/** Options of a request. With `scope`, the request has an access token of the client `linking-m2m`. */
export interface CallOptions {
  body?: unknown
  scope?: string
  /** Claims to replace in the access token. */
  claims?: Record<string, unknown>
  headers?: Record<string, string>
}

/** A tenant's state, and a way to call its APIs. */
export async function aManagementApi(world?: World) {
  const state = new TenantState(
    {
      loginOrigin: 'http://localhost:4400',
      canonicalOrigin: CANONICAL,
      otherOrigin: 'http://127.0.0.1:4402',
      appOrigin: 'http://localhost:3000',
      secrets: {},
      actions: [],
      ...(world && { world }),
    },
    await createSigner(),
  )
  const app = new Hono<TenantEnv>()
  app.use(ledger(state), faults(state))
  app.route('/', managementApi(state))
  app.route('/', controlApi(state))
  app.get('/.well-known/jwks.json', (context) => context.json(state.signer.jwks()))
  app.post('/oauth/token', async (context) =>
    clientCredentials(state, doorOf(state, context.req.url), await context.req.json()),
  )

  const accessToken = (scope: string, claims: Record<string, unknown> = {}) => {
    const now = Math.floor(state.now() / 1000)
    const whole = { iss: `${CANONICAL}/`, sub: 'linking-m2m@clients', aud: `${CANONICAL}/api/v2/` }
    return state.signer.sign({ ...whole, azp: 'linking-m2m', iat: now, exp: now + 600, scope, ...claims })
  }

  const call = async (method: string, path: string, options: CallOptions = {}) => {
    const { body, scope, claims } = options
    const headers = new Headers({ 'content-type': 'application/json', ...options.headers })
    if (scope !== undefined) headers.set('authorization', `Bearer ${await accessToken(scope, claims)}`)
    const response = await app.request(`${CANONICAL}${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
  return { state, app, call, accessToken }
}

/** The path of a user, or of a resource below that path. */
export function userPath(id: string, ...below: string[]): string {
  return ['/api/v2/users', id, ...below]
    .map((part, index) => (index === 0 ? part : encodeURIComponent(part)))
    .join('/')
}
