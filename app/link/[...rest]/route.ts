/**
 * Responds to unknown paths under `/link`. Without this route, Next.js would respond with the application's not-found page,
 * but without our headers: the middleware sets these, and it does not run for `/link`.
 *
 * @module
 */

import { linkFlowServices } from '@/app/_services'
import { LinkingError } from '@/core/errors'
import { documentHead } from '@/lib/link-flow/documents/document-response'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'

export const GET = (request: Request): Promise<Response> =>
  errorResponse(linkFlowServices(), request, new LinkingError('not_found'))

export const HEAD = () => documentHead(linkFlowServices())
export const POST = methodNotAllowed(linkFlowServices, 'GET, HEAD')
export { POST as DELETE, POST as OPTIONS, POST as PATCH, POST as PUT }
