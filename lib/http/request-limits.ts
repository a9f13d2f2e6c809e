/**
 * Limits on requests that apply before Next.js reads them. Next.js needs time that grows with the square of three things that
 * anyone can send: the number of parameters of a query, the number of cookies, and the length of the user agent. Within 16 kB,
 * which Node.js lets through, one such request would stop the process for seconds.
 *
 * `tests/flows/standstill.flow.test.ts` asks Next.js alone, and fails once a release makes one of these limits needless.
 * @module
 */
import 'server-only'
import { subscribe } from 'node:diagnostics_channel'
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import { processMemory } from '../process/process-memory'
import { ownCookies } from '../session/cookies'

/** Parameters of a query that are kept: our own addresses have ten at most. */
const MAX_PARAMETERS = 64
/** Characters of the user agent that are kept. */
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
    // That channel does not announce a request to change the protocol, but Next.js reads it like any other.
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
 * Cuts a request down to what this application needs of it: 64 parameters of the query, our own cookies, and 512 characters
 * of the user agent. This takes time in proportion to the request's size.
 *
 * @param request - Changed in place: its address, and both forms in which Node.js provides headers.
 */
export function limitRequest(request: Pick<IncomingMessage, 'url' | 'headers' | 'rawHeaders'>): void {
  request.url = limitQuery(request.url ?? '')
  const { headers } = request
  replaceHeader(request, 'cookie', headers.cookie, ownCookies(headers.cookie ?? ''))
  replaceHeader(request, 'user-agent', headers['user-agent'], headers['user-agent']?.slice(0, MAX_USER_AGENT))
}

/** An address with the first parameters of its query only. */
function limitQuery(url: string): string {
  let end = url.indexOf('?')
  if (end < 0) return url
  for (let count = 0; count < MAX_PARAMETERS; count += 1) {
    end = url.indexOf('&', end + 1)
    if (end < 0) return url
  }
  return url.slice(0, end)
}

/** Replaces all values of a header by one; an empty value, or none, removes the header. */
function replaceHeader(
  { headers, rawHeaders }: Pick<IncomingMessage, 'headers' | 'rawHeaders'>,
  name: string,
  before: string | undefined,
  value: string | undefined,
): void {
  if (value === before) return
  if (value) headers[name] = value
  else delete headers[name]
  // Names and values in turn, as they came.
  const others: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [key = '', each = ''] = rawHeaders.slice(index, index + 2)
    if (key.toLowerCase() !== name) others.push(key, each)
  }
  if (value) others.push(name, value)
  rawHeaders.splice(0, rawHeaders.length, ...others)
}
