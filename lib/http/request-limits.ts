/**
 * Limits requests before Next.js reads them. The time that Next.js needs grows with the square of three things that anyone can
 * send: the number of query parameters, the number of cookies, and the length of the user agent. One request with 16 kB, the most
 * that Node.js accepts, would block the process for seconds.
 *
 * `tests/flows/standstill.flow.test.ts` tests Next.js without these limits. It fails once a release makes one of them
 * unnecessary.
 * @module
 */
import 'server-only'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { processMemory } from '../process/process-memory'
import { ownCookies } from '../session/cookies'

/** How many query parameters are kept. Our own URLs have at most ten. */
const MAX_PARAMETERS = 64
/** How many characters of the user agent are kept. */
const MAX_USER_AGENT = 512

/**
 * Applies {@link limitRequest} to every request that this process gets from now on, before Next.js sees it.
 *
 * @see {@link https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#http http.server.request.start}
 */
export function limitRequests(): void {
  processMemory('limits-requests', () => {
    const known = new WeakSet<Server>()
    subscribe('http.server.request.start', (message) => {
      limitRequest((message as { request: IncomingMessage }).request)
    })
    // That channel does not report requests with `Upgrade`, but Next.js reads them like any other. So limit them here.
    subscribe('net.server.socket', (message) => {
      const { server } = (message as { socket: Socket & { server?: Server } }).socket
      if (!server || known.has(server)) return
      known.add(server)
      server.prependListener('upgrade', limitRequest)
    })
    return true
  })
}

/**
 * Cuts a request down to what this application needs: 64 query parameters, our own cookies, and 512 characters of the user agent.
 * The time for this is proportional to the request's size.
 *
 * @param request - Changed in place: the URL, and both forms in which Node.js provides headers.
 */
export function limitRequest(request: Pick<IncomingMessage, 'url' | 'headers' | 'rawHeaders'>): void {
  request.url = limitQuery(request.url ?? '')
  const { headers } = request
  replaceHeader(request, 'cookie', headers.cookie, ownCookies(headers.cookie ?? ''))
  replaceHeader(request, 'user-agent', headers['user-agent'], headers['user-agent']?.slice(0, MAX_USER_AGENT))
}

/** Removes all but the first {@link MAX_PARAMETERS} parameters from a URL. */
function limitQuery(url: string): string {
  let end = url.indexOf('?')
  if (end < 0) return url
  for (let count = 0; count < MAX_PARAMETERS; count += 1) {
    end = url.indexOf('&', end + 1)
    if (end < 0) return url
  }
  return url.slice(0, end)
}

/** Replaces all values of a header by one. If that value is empty or undefined, the header is removed. */
function replaceHeader(
  { headers, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>,
  name: string,
  before: string | undefined,
  value: string | undefined,
): void {
  if (value === before) return
  if (value) headers[name] = value
  else delete headers[name]
  // `rawHeaders` holds names and values alternately.
  const others: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [key = '', each = ''] = rawHeaders.slice(index, index + 2)
    if (key.toLowerCase() !== name) others.push(key, each)
  }
  if (value) others.push(name, value)
  rawHeaders.splice(0, rawHeaders.length, ...others)
}
