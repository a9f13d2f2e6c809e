import 'server-only'
import { LinkingError } from '@/core/errors'
import type { Services } from '../services'
import { errorResponse } from './error-response'

/**
 * The handler of every method that a route does not support.
 *
 * @param services - Called for each request: handlers are made when a route is loaded, and the build runs without an environment.
 * @param allow - The methods it supports, as in `Allow`.
 */
export function methodNotAllowed(
  services: () => Services,
  allow: string,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await errorResponse(services(), request, new LinkingError('method_not_allowed'))
    response.headers.set('allow', allow)
    return request.method === 'HEAD' ? new Response(null, response) : response
  }
}
