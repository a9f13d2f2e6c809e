/**
 * Addresses under `/link` that lead nowhere. Without this they would get the application's page, whose headers come from
 * the middleware, and the middleware leaves `/link` alone.
 *
 * @module
 */

import { LinkingError } from '@/core/errors'
import { documentHead } from '@/lib/link-flow/documents/document-response'
import { errorResponse } from '@/lib/link-flow/documents/error-response'
import { methodNotAllowed } from '@/lib/link-flow/documents/method-not-allowed'

export const GET = (request: Request): Promise<Response> =>
  errorResponse(request, new LinkingError('not_found'))

export const HEAD = documentHead
export const POST = methodNotAllowed('GET, HEAD')
export { POST as DELETE, POST as OPTIONS, POST as PATCH, POST as PUT }
