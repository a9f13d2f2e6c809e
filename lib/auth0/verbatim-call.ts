/**
 * Calls whose path a URL cannot hold. Every URL parser, and with it `fetch` and the SDK, resolves a segment `.` or `..`, however it
 * is written. This sends such a path unchanged.
 * @module
 */
import 'server-only'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text } from 'node:stream/consumers'

/** How a call fails if the tenant answered it: in the shape of the SDK's errors. */
interface Refusal {
  statusCode: number
  rawResponse: { headers: Headers }
}

/** One call of the Management API. */
export interface VerbatimCall {
  /** Without a slash at the end. */
  origin: string
  method: string
  /** Of the path, not encoded. */
  segments: string[]
  token: string
  timeoutInSeconds: number
}

/**
 * Whether an identity's own id disappears in a path.
 *
 * @see {@link https://url.spec.whatwg.org/#double-dot-path-segment URL Standard, double-dot URL path segment}
 */
export const isDotSegment = (id: string): boolean => id === '.' || id === '..'

/**
 * Makes a call with every segment of its path as it is. Redirects are not followed.
 *
 * @returns The answer's JSON.
 * @throws What the SDK would throw: an error with `statusCode` and `rawResponse` for a refusal, any other if there is no answer
 *   in time, or none that can be read.
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
        else reject({ statusCode, rawResponse: { headers: new Headers(known) } } satisfies Refusal)
      }, reject)
    })
    request.end()
  })
  return JSON.parse(body)
}

/** Encoded dots pass servers and proxies that would resolve plain ones. */
const encodeSegment = (segment: string): string =>
  isDotSegment(segment) ? segment.replaceAll('.', '%2E') : encodeURIComponent(segment)
