/**
 * Request bodies of the Management API.
 * @module
 */
import type { HonoRequest } from 'hono'
import { ManagementRefusal } from './management-errors'

/** The size of the largest body that Auth0 accepts. */
const MAX_BODY_BYTES = 1_048_576

/**
 * Reads a JSON or form body.
 *
 * @throws {ManagementRefusal} 413 above 1 MB; 400 `invalid_body` for anything but an object with at least one key.
 */
export async function readPayload(request: HonoRequest): Promise<Record<string, unknown>> {
  const body = await readObject(request)
  if (Object.keys(body).length === 0) {
    throw invalid("Payload validation error: 'Too few properties defined (0), minimum 1'.")
  }
  return body
}

/**
 * Reads a JSON or form body that may be an empty object.
 *
 * @throws {ManagementRefusal} 413 above 1 MB; 400 `invalid_body` for anything but an object.
 */
export async function readObject(request: HonoRequest): Promise<Record<string, unknown>> {
  const text = await readText(request)
  const isForm = request.header('content-type')?.includes('application/x-www-form-urlencoded')
  const body: unknown = isForm ? Object.fromEntries(new URLSearchParams(text)) : parseJson(text)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalid("Payload validation error: 'Expected type object'.")
  }
  return body as Record<string, unknown>
}

/**
 * Reads a JSON body that is a list.
 *
 * @throws {ManagementRefusal} 413 above 1 MB; 400 `invalid_body` for anything else.
 */
export async function readList(request: HonoRequest): Promise<unknown[]> {
  const body: unknown = parseJson(await readText(request))
  if (!Array.isArray(body)) throw invalid("Payload validation error: 'Expected type array'.")
  return body
}

async function readText(request: HonoRequest): Promise<string> {
  const text = await request.text()
  if (Buffer.byteLength(text) <= MAX_BODY_BYTES) return text
  throw new ManagementRefusal(413, `Payload content length greater than maximum allowed: ${MAX_BODY_BYTES}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('Invalid request payload JSON format')
  }
}

function invalid(message: string): ManagementRefusal {
  return new ManagementRefusal(400, message, 'invalid_body')
}
