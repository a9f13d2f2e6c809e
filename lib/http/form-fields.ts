import 'server-only'
import { LinkingError } from '@/core/errors'
import type { WithHeaders } from '../session/cookies'

/** Largest form that is read, in bytes. */
const MAX_FORM_BYTES = 32_768

/**
 * Passes only a request whose form is not larger than any of ours. One that announces no length is refused unread: browsers
 * always announce it, and Next.js would read up to 10 MB of it.
 *
 * @throws {LinkingError} `bad_request`, with status 413.
 * @see {@link https://www.rfc-editor.org/rfc/rfc9112#section-6.3 RFC 9112, section 6.3}: without either header there is no body
 */
export function assertSmallForm({ headers }: WithHeaders): void {
  const isUnannounced = headers.get('transfer-encoding') !== null
  assertSmall(isUnannounced ? Number.POSITIVE_INFINITY : announced(headers))
}

const announced = (headers: WithHeaders['headers']) => Number(headers.get('content-length') ?? 0)

function assertSmall(bytes: number): void {
  if (bytes > MAX_FORM_BYTES) throw new LinkingError('bad_request', { status: 413 })
}

/**
 * Reads a form of several parts before Next.js does, which answers 500 to one that it cannot take apart.
 *
 * @param request - One that {@link assertSmallForm} has passed. Its body can still be read afterwards.
 * @returns The form; undefined for a body of any other type, which is not read.
 * @throws {LinkingError} `bad_request` if the form cannot be taken apart, or with status 413 if it is too large.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7578 RFC 7578}
 */
export async function readPartsForm(request: Request): Promise<FormData | undefined> {
  const type = request.headers.get('content-type') ?? ''
  if (!type.toLowerCase().startsWith('multipart/form-data')) return undefined
  // To the end: a copy that is given up halfway waits for the request itself to be given up.
  const text = await request.clone().text()
  assertSmall(Buffer.byteLength(text))
  const form = new Response(text, { headers: { 'content-type': type } })
  return form.formData().catch(() => {
    throw new LinkingError('bad_request')
  })
}

/**
 * Reads a form. A field that comes twice counts as absent: nothing here takes a list.
 *
 * @throws {LinkingError} `bad_request` if it is not a urlencoded form, or with status 413 if it is too large.
 */
export async function formFields(request: Request): Promise<Map<string, string>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') throw new LinkingError('bad_request')
  // Unread: reading that is given up halfway would close the connection, perhaps under the browser's next request.
  assertSmall(announced(request.headers))
  const fields = new Map<string, string>()
  const seen = new Set<string>()
  for (const [name, value] of new URLSearchParams(await readText(request))) {
    if (seen.has(name)) fields.delete(name)
    else fields.set(name, value)
    seen.add(name)
  }
  return fields
}

/**
 * Reads a body as text.
 *
 * @throws {LinkingError} `bad_request`, with status 413, if it is too large.
 */
async function readText(request: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    assertSmall(size)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
