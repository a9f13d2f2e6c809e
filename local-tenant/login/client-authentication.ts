/**
 * Client authentication and parameters at back-channel endpoints.
 * @module
 */
import { timingSafeEqual } from 'node:crypto'
import type { Context } from 'hono'
import type { StoredClient } from '../model'
import type { TenantState } from '../state'

/**
 * Reads the parameters of a form or JSON body. HTTP Basic credentials are added as `client_id` and `client_secret`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1 RFC 6749 section 2.3.1}
 */
export async function tokenParameters(context: Context): Promise<Record<string, unknown>> {
  const isJson = context.req.header('content-type')?.includes('json') ?? false
  const body: unknown = isJson ? await context.req.json().catch(() => ({})) : await context.req.parseBody()
  const parameters = typeof body === 'object' && body !== null ? { ...body } : {}
  const [scheme, credentials = ''] = context.req.header('authorization')?.split(' ') ?? []
  if (scheme?.toLowerCase() !== 'basic') return parameters
  const text = Buffer.from(credentials, 'base64').toString()
  const colon = text.indexOf(':')
  const decode = (part: string) => new URLSearchParams(`value=${part.replaceAll('&', '%26')}`).get('value')
  return {
    ...parameters,
    client_id: decode(text.slice(0, colon)),
    client_secret: decode(text.slice(colon + 1)),
  }
}

/**
 * Returns the calling client if its secret is right. Public clients have no secret to check.
 *
 * @param state - The tenant.
 * @param parameters - From {@link tokenParameters}.
 */
export function authenticateClient(
  state: TenantState,
  parameters: Record<string, unknown>,
): StoredClient | undefined {
  const client = state.clients.get(String(parameters.client_id))
  if (!client || client.client_secret === undefined) return client
  const [expected, given] = [Buffer.from(client.client_secret), Buffer.from(String(parameters.client_secret))]
  return expected.length === given.length && timingSafeEqual(expected, given) ? client : undefined
}
