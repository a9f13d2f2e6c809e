/**
 * Reads the body of a request, and stops if the body is larger than a limit.
 * @module
 */
import 'server-only'

type WithBody = Pick<Request, 'body'>

/**
 * Reads a body as text.
 *
 * @param maxBytes - The largest body, in bytes.
 * @returns Undefined if the body is larger.
 */
export async function readText(request: WithBody, maxBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * Reads a body as JSON.
 *
 * @param maxBytes - The largest body, in bytes.
 * @returns Undefined if the body is larger, or is not JSON.
 */
export async function readJson(request: WithBody, maxBytes: number): Promise<unknown> {
  try {
    return JSON.parse((await readText(request, maxBytes)) ?? '')
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
