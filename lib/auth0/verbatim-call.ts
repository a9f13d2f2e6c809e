/**
 * Makes API calls whose path has a segment `.` or `..`. URL parsers resolve such a segment even if it is percent-encoded, and
 * `fetch` and the SDK use them. This module sends the path unchanged.
 * @module
 */
import 'server-only'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text } from 'node:stream/consumers'

/** The error for a call that the tenant refused, in the shape of the SDK's errors. */
interface RefusedCallError {
  statusCode: number
  rawResponse: { headers: Headers }
}

/** One Management API call. */
export interface VerbatimCall {
  /** Without a slash at the end. */
  origin: string
  method: string
  /** The segments of the path, not encoded. */
  segments: string[]
  token: string
  timeoutInSeconds: number
}

/**
 * Whether an identity's id would disappear from a URL path, because URL parsers resolve it as a dot segment.
 *
 * @see {@link https://url.spec.whatwg.org/#double-dot-path-segment URL Standard, double-dot URL path segment}
 */
export const isDotSegment = (id: string): boolean => id === '.' || id === '..'

/**
 * Makes an API call without resolving any segment of its path. It does not follow redirects.
 *
 * @returns The JSON of the response.
 * @throws The same as the SDK: an error with `statusCode` and `rawResponse` if the tenant refuses the call, and any other error
 *   if no response arrives in time or it cannot be read.
 */
export async function callVerbatim(call: VerbatimCall): Promise<unknown> {
  const { origin, method, segments, token, timeoutInSeconds } = call
  const { protocol, hostname, port } = new URL(origin)
  const request = (protocol === 'https:' ? requestHttps : requestHttp)({
    ...{ method, hostname: hostname.replace(/^\[|\]$/g, ''), port },
    path: `/${segments.map(encodeSegment).join('/')}`,
    headers: { authorization: `Bearer ${token}`, accept: 'application/json' },
    signal: AbortSignal.timeout(timeoutInSeconds * 1000),
  })
  const body = await new Promise<string>((resolve, reject) => {
    request.once('error', reject).once('response', (response) => {
      const { statusCode = 0, headers } = response
      const known = Object.entries(headers).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value] as [string, string]] : [],
      )
      text(response).then((read) => {
        if (statusCode >= 200 && statusCode < 300) resolve(read)
        else reject({ statusCode, rawResponse: { headers: new Headers(known) } } satisfies RefusedCallError)
      }, reject)
    })
    request.end()
  })
  return JSON.parse(body)
}

/** Encodes a segment, dots too, because servers and proxies on the way might resolve plain dots. */
const encodeSegment = (segment: string): string =>
  isDotSegment(segment) ? segment.replaceAll('.', '%2E') : encodeURIComponent(segment)
