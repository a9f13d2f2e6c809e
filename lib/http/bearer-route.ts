/**
 * Helpers for the routes that programs, not browsers, call with a bearer token and JSON.
 * @module
 */
import 'server-only'
import { bearsToken } from './bears-token'
import { type HeaderSettings, plainHeaders } from './headers'

/** Refuses a request with an error code as JSON. */
export const refuseJson = (
  settings: HeaderSettings,
  status: number,
  error: string,
  headers: Record<string, string> = {},
): Response => Response.json({ error }, { status, headers: { ...plainHeaders(settings), ...headers } })

/**
 * Refuses a request that does not have the bearer token of its route. It does not read the body.
 *
 * @param token - The token that the operator set for the route. Undefined turns the route off.
 * @returns 404 `not_found` without a token to compare with, 401 `unauthorized` for any other token, undefined for the right one.
 */
export function refuseStranger(
  settings: HeaderSettings,
  request: Request,
  token: string | undefined,
): Response | undefined {
  if (token === undefined) return refuseJson(settings, 404, 'not_found')
  if (bearsToken(request, token)) return undefined
  return refuseJson(settings, 401, 'unauthorized', { 'www-authenticate': 'Bearer' })
}
