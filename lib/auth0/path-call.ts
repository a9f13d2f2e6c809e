/**
 * Calls of the Management API by their path, for what the rules of `core` call in the Action and here.
 * @module
 */
import 'server-only'

/** How every call is made. */
export interface CallOptions {
  /** Ends with `/api/v2`. */
  baseUrl: string
  token: string
  timeoutInSeconds: number
  fetch: typeof fetch
}

/** One call. */
interface PathCall extends CallOptions {
  method: string
  /** Behind the base, encoded. */
  path: string
  body?: object | undefined
  /** Beside those that every call has. */
  headers?: Record<string, string>
}

/**
 * Makes a call. Redirects are not followed.
 *
 * @returns The JSON of the answer; undefined if it has no body.
 * @throws What the SDK would throw: an error with `statusCode` and `rawResponse` for a refusal, any other if there is no answer in
 *   time, or none that can be read.
 */
export async function callByPath(call: PathCall): Promise<unknown> {
  const { baseUrl, method, path, body, headers, token, timeoutInSeconds } = call
  const ending = new AbortController()
  const timer = setTimeout(() => ending.abort(), timeoutInSeconds * 1000)
  try {
    const response = await call.fetch(baseUrl + path, {
      method,
      headers: {
        ...headers,
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: ending.signal,
    })
    if (!response.ok) throw { statusCode: response.status, rawResponse: { headers: response.headers } }
    // What a deletion answers says nothing; a read without an answer must not count as one that found nothing.
    if (method === 'DELETE' || response.status === 204) return undefined
    return JSON.parse(await response.text())
  } finally {
    clearTimeout(timer)
  }
}
