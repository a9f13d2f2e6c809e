import 'server-only'
import { LinkingError } from '@/core/errors'
import type { Services } from '../services'
import { errorResponse } from './error-response'

/**
 * Makes the handler for all methods that a route does not support.
 *
 * @param services - A function, because the handler is made when the route is loaded, and during the build there is no
 *   environment.
 * @param allow - The methods that the route supports, as the value of `Allow`.
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
