import 'server-only'
import { LinkingError } from '@/core/errors'
import { errorResponse } from './error-response'

/**
 * The handler of every method that a route does not take.
 *
 * @param allow - The methods it takes, as in `Allow`.
 */
export function methodNotAllowed(allow: string): (request: Request) => Promise<Response> {
  return async (request) => {
    const response = await errorResponse(request, new LinkingError('method_not_allowed'))
    response.headers.set('allow', allow)
    return request.method === 'HEAD' ? new Response(null, response) : response
  }
}
