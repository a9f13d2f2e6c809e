/**
 * Errors of the Management API.
 * @module
 */
import { STATUS_CODES } from 'node:http'
import type { z } from 'zod'
import { validationMessage } from './validation-message'

/** An error response of the Management API. Endpoints throw it. */
export class ManagementRefusal extends Error {
  override readonly name = 'ManagementRefusal'

  /**
   * @param status - HTTP status.
   * @param message - Auth0's sentence.
   * @param errorCode - Auth0's code, if it is known.
   */
  constructor(
    readonly status: number,
    message: string,
    readonly errorCode?: string,
  ) {
    super(message)
  }
}

/**
 * Returns an error response of the Management API with the body `{ statusCode, error, message, errorCode? }`.
 *
 * @param status - HTTP status; `error` is its reason phrase.
 * @param message - Auth0's sentence.
 * @param extra - `errorCode`, and `attributes` if Auth0 sends any.
 * @see https://auth0.com/docs/api/management/v2
 */
export function managementError(
  status: number,
  message: string,
  extra: { errorCode?: string; attributes?: Record<string, unknown> } = {},
): Response {
  return Response.json({ statusCode: status, error: STATUS_CODES[status], message, ...extra }, { status })
}

/** Returns the error for a user that does not exist. */
export function userMissing(): ManagementRefusal {
  return new ManagementRefusal(404, 'The user does not exist.', 'inexistent_user')
}

/**
 * Validates a part of a request.
 *
 * @param schema - The schema of the part.
 * @param value - The part as received.
 * @param part - The part's name. It appears in the message and decides the code.
 * @throws {ManagementRefusal} 400 `invalid_body`, `invalid_query_string` or `invalid_uri`, with Auth0's sentence.
 */
export function parsePart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  part: 'Payload' | 'Query' | 'Path',
): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true })
  if (result.success) return result.data
  const code = { Payload: 'invalid_body', Query: 'invalid_query_string', Path: 'invalid_uri' }[part]
  throw new ManagementRefusal(400, validationMessage(part, schema, result.error.issues), code)
}
