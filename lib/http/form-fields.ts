import 'server-only'
import { LinkingError } from '@/lib/linking/errors'

/** Largest form that is read, in bytes. */
const MAX_BYTES = 32_768

/**
 * Reads a form. A field that comes twice counts as absent: nothing here takes a list.
 *
 * @throws {LinkingError} `bad_request` where it is no urlencoded form or too large.
 */
export async function formFields(request: Request): Promise<Map<string, string>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/x-www-form-urlencoded') throw new LinkingError('bad_request')
  const entries = [...new URLSearchParams(await readText(request))]
  const names = entries.map(([name]) => name)
  return new Map(entries.filter(([name]) => names.indexOf(name) === names.lastIndexOf(name)))
}

async function readText(request: Request): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > MAX_BYTES) throw new LinkingError('bad_request')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
