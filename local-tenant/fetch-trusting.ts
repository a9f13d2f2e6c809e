/**
 * HTTPS requests that trust the certificate authority of this process.
 * @module
 */
import { request } from 'node:https'
import { Readable } from 'node:stream'

/** The part of `fetch` that the other application's OpenID Connect client and the event streams need. */
export type SimpleFetch = (url: string, options: SimpleRequest) => Promise<Response>

interface SimpleRequest {
  method: string
  headers: Record<string, string>
  body?: unknown
}

/**
 * Returns a `fetch` that trusts one certificate authority. Node.js reads `NODE_EXTRA_CA_CERTS` only when a process starts,
 * and this authority is created later. URLs without TLS go to the global `fetch`.
 *
 * @param ca - The CA's certificate, PEM.
 */
export function fetchTrusting(ca: string): SimpleFetch {
  return (url, { method, headers, body }) => {
    const text = body === undefined || body === null ? undefined : String(body)
    if (!url.startsWith('https:'))
      return fetch(url, { method, headers, ...(text !== undefined && { body: text }) })
    return new Promise((resolve, reject) => {
      const call = request(url, { method, headers, ca }, (answer) => {
        const received = new Headers()
        for (const [name, value] of Object.entries(answer.headers)) received.set(name, String(value))
        const status = answer.statusCode ?? 500
        // A response with status 204 must not have a body, not even an empty one.
        const content = status === 204 ? null : (Readable.toWeb(answer) as ReadableStream)
        if (!content) answer.resume()
        resolve(new Response(content, { status, headers: received }))
      })
      call.once('error', reject)
      call.end(text)
    })
  }
}
