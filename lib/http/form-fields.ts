import 'server-only'
import { LinkingError } from '@/core/errors'
import type { WithHeaders } from '../session/cookies'
import { readText } from './read-body'

/** Largest form that is read, in bytes. */
const MAX_FORM_BYTES = 32_768

/**
 * Refuses a request whose body is larger than any of our forms. A body without an announced length is refused unread: browsers
 * always send the length of a form, and Next.js would read up to 10 MB.
 *
 * @throws {LinkingError} `bad_request`, with status 413.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112#section-6.3 RFC 9112, section 6.3}: without either header there is no body
 */
export function assertSmallForm({ headers }: WithHeaders): void {
  const isUnannounced = headers.get('transfer-encoding') !== null
  assertSmall(isUnannounced ? Number.POSITIVE_INFINITY : announced(headers))
}

const announced = (headers: WithHeaders['headers']) => Number(headers.get('content-length') ?? 0)

const tooLarge = () => new LinkingError('bad_request', { status: 413 })

function assertSmall(bytes: number): void {
  if (bytes > MAX_FORM_BYTES) throw tooLarge()
}

/**
 * Reads a multipart form before Next.js does, because Next.js responds with 500 to a form that it cannot parse.
 *
 * @param request - A request that {@link assertSmallForm} accepted. Its body can still be read afterwards.
 * @returns The form. Undefined if the body has another type; the body is then not read.
 * @throws {LinkingError} `bad_request` if the form cannot be parsed, or with status 413 if it is too large.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7578 RFC 7578}
 */
export async function readPartsForm(request: Request): Promise<FormData | undefined> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.toLowerCase().startsWith('multipart/form-data')) return undefined
  // Read the clone to its end. If we canceled it halfway, the cancellation would wait until the request is canceled too.
  const text = await request.clone().text()
  assertSmall(Buffer.byteLength(text))
  const form = new Response(text, { headers: { 'content-type': type } })
  return form.formData().catch(() => {
    throw new LinkingError('bad_request')
  })
}

/**
 * Reads a urlencoded form. A field that comes twice counts as absent, because none of our fields is a list.
 *
 * @throws {LinkingError} `bad_request` if the body is not a urlencoded form, or with status 413 if it is too large.
 */
export async function formFields(request: Request): Promise<Map<string, string>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') throw new LinkingError('bad_request')
  // Refuse a large body before reading it. Canceling halfway would close the connection, perhaps during the browser's next
  // request.
  assertSmall(announced(request.headers))
  const fields = new Map<string, string>()
  const seen = new Set<string>()
  for (const [name, value] of new URLSearchParams(await readFormText(request))) {
    if (seen.has(name)) fields.delete(name)
    else fields.set(name, value)
    seen.add(name)
  }
  return fields
}

async function readFormText(request: Request): Promise<string> {
  const text = await readText(request, MAX_FORM_BYTES)
  if (text === undefined) throw tooLarge()
  return text
}
