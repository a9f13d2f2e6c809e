/**
 * The id of a request. It is in every log line that the request causes, in the response header `x-request-id`, and on error pages
 * as the reference number. We always make the id ourselves and ignore an `x-request-id` from the client, so that no one can
 * imitate another person's request.
 * @module
 */
import 'server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomInt } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'
import { processMemory } from '../process/process-memory'

// Letters and digits without those that are easily confused.
const REQUEST_ID_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const REQUEST_ID_LENGTH = 8

const current = () => processMemory('request-id', () => new AsyncLocalStorage<string>())

/**
 * Gives an id to every request that this process receives from now on.
 *
 * @see {@link https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#http http.server.request.start}
 */
export function nameRequests(): void {
  processMemory('names-requests', () => {
    subscribe('http.server.request.start', (message) => {
      const { response } = message as { response: ServerResponse }
      const id = newRequestId()
      response.setHeader('x-request-id', id)
      // All code that handles this request runs in the async context that begins here, and so finds the id.
      current().enterWith(id)
    })
    return true
  })
}

/** The id of the current request; undefined outside of a request, or if the request came before {@link nameRequests}. */
export function currentRequestId(): string | undefined {
  return current().getStore()
}

/** Makes a random id. No other recent request has the same one. */
export function newRequestId(): string {
  return Array.from(
    { length: REQUEST_ID_LENGTH },
    () => REQUEST_ID_ALPHABET[randomInt(REQUEST_ID_ALPHABET.length)],
  ).join('')
}
