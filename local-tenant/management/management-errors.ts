/**
 * The Management API's way of saying no.
 * @module
 */
import { STATUS_CODES } from 'node:http'
import type { z } from 'zod'
import { validationMessage } from './validation-message'

/** A refusal of the Management API, thrown by an endpoint and answered as it stands. */
export class ManagementRefusal extends Error {
  override readonly name = 'ManagementRefusal'

  /**
   * @param status - HTTP status.
   * @param message - Auth0's sentence.
   * @param errorCode - Auth0's code, where one is known.
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
 * The body every refusal of the Management API has: `{ statusCode, error, message, errorCode? }`.
 *
 * @param status - HTTP status; `error` is its reason phrase.
 * @param message - Auth0's sentence.
 * @param extra - `errorCode`, and `attributes` where Auth0 sends some.
 * @see https://auth0.com/docs/api/management/v2
 */
export function managementError(
  status: number,
  message: string,
  extra: { errorCode?: string; attributes?: Record<string, unknown> } = {},
): Response {
  return Response.json({ statusCode: status, error: STATUS_CODES[status], message, ...extra }, { status })
}

/** The user is not there. */
export function userMissing(): ManagementRefusal {
  return new ManagementRefusal(404, 'The user does not exist.', 'inexistent_user')
}

/**
 * Parses a part of a request.
 *
 * @param schema - What it may be.
 * @param value - What it is.
 * @param part - Names the part in the message, and the code.
 * @throws {ManagementRefusal} 400 `invalid_body`, `invalid_query_string` or `invalid_uri`, with Auth0's sentences.
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
