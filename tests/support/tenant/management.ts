/**
 * The Management API of a running tenant, through either of its domains.
 * @module
 */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text } from 'node:stream/consumers'
import type { RunningTenant } from '@/local-tenant/start'

/** A request to one of the tenant's two domains: the login domain or the canonical domain. */
export interface DomainCall {
  method: string
  /** The part of the URL after the origin. */
  path: string
  headers?: Record<string, string>
  body?: unknown
}

/**
 * Sends a request to one of a tenant's domains, and trusts the certificate authority of the canonical domain.
 *
 * @param origin - `tenant.loginOrigin` or `tenant.canonicalOrigin`.
 */
export async function callDomain(tenant: RunningTenant, origin: string, call: DomainCall) {
  const { method, path, body } = call
  const sent = body === undefined ? undefined : JSON.stringify(body)
  const headers = {
    'content-type': 'application/json',
    // Node.js does not add this header to a DELETE.
    ...(sent !== undefined && { 'content-length': String(Buffer.byteLength(sent)) }),
    ...call.headers,
  }
  const options = { method, headers }
  const request = origin.startsWith('https:')
    ? requestHttps(`${origin}${path}`, {
        ...options,
        ca: readFileSync(tenant.caFile),
        servername: 'localhost',
      })
    : requestHttp(`${origin}${path}`, options)
  request.end(sent)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  const { statusCode, headers: received } = response
  const whole = await text(response)
  const isJson = received['content-type']?.includes('json')
  return { status: statusCode ?? 0, headers: received, body: isJson ? JSON.parse(whole) : whole }
}

/**
 * A token for the Management API that belongs to no client in the world.
 *
 * @param scope - Scopes, separated by spaces.
 * @param origin - Origin of the domain that issues the token.
 */
export function administratorToken(tenant: RunningTenant, scope: string, origin: string): Promise<string> {
  const now = Math.floor(tenant.state.now() / 1000)
  return tenant.state.signer.sign({
    iss: `${origin}/`,
    sub: 'admin@clients',
    aud: `${tenant.canonicalOrigin}/api/v2/`,
    azp: 'admin',
    iat: now,
    exp: now + 600,
    scope,
  })
}

/**
 * Calls the Management API through the login domain, with an administrator's token.
 *
 * @param scope - Scopes of the token, separated by spaces.
 * @param path - The path after `/api/v2`.
 */
export async function administer(
  tenant: RunningTenant,
  scope: string,
  method: string,
  path: string,
  body?: unknown,
) {
  const headers = { authorization: `Bearer ${await administratorToken(tenant, scope, tenant.loginOrigin)}` }
  return callDomain(tenant, tenant.loginOrigin, { method, path: `/api/v2${path}`, headers, body })
}
