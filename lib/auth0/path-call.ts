/**
 * Makes Management API calls by their path. The rules in `core`, which run in the Action and here, name their API calls by path.
 * @module
 */
import 'server-only'

/** The options that all API calls share. */
export interface CallOptions {
  /** Ends with `/api/v2`. */
  baseUrl: string
  token: string
  timeoutInSeconds: number
  fetch: typeof fetch
}

/** One API call. */
interface PathCall extends CallOptions {
  method: string
  /** The encoded path after {@link baseUrl}. */
  path: string
  body?: object | undefined
  /** Headers besides those that every API call has. */
  headers?: Record<string, string>
  /**
   * Whether to treat a response with status 200 as a lost response. Auth0 answers a deletion and a write of rights with 201,
   * 202 or 204. A 200 comes from something between us and Auth0, so the tenant may have written nothing.
   */
  isOkUnexpected?: boolean
}

/**
 * Makes an API call. It does not follow redirects.
 *
 * @returns The JSON of the response; undefined for a DELETE or a 204.
 * @throws The same as the SDK: an error with `statusCode` and `rawResponse` if the tenant refuses the API call, and any other error
 *   if no response arrives in time or the response cannot be read.
 */
export async function callByPath(call: PathCall): Promise<unknown> {
  const { baseUrl, method, path, body, headers, token, timeoutInSeconds, isOkUnexpected } = call
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
    if (isOkUnexpected && response.status === 200) throw new TypeError('unexpected status 200')
    // We need nothing from the response to a deletion. For a read, `JSON.parse` throws on an empty response, which must not
    // pass for "nothing found".
    if (method === 'DELETE' || response.status === 204) return undefined
    return JSON.parse(await response.text())
  } finally {
    clearTimeout(timer)
  }
}
