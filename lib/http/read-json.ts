import 'server-only'

/**
 * Reads the JSON of a request, of which it reads no more than a limit.
 *
 * @param maxBytes - The largest body.
 * @returns Undefined if the body is larger, or is not JSON.
 */
export async function readJson(request: Pick<Request, 'body'>, maxBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}
