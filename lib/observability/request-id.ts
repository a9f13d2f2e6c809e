/**
 * The name of a request: in every line that is logged while it is answered, in the header `x-request-id` of the answer,
 * and as the reference number on error pages. We always make the name. What a client sends under that header is ignored,
 * so no one can have their requests mistaken for another's.
 * @module
 */
import 'server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomInt } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import type { ServerResponse } from 'node:http'
import { processMemory } from '../process/process-memory'

// Letters and digits that sound and look different from each other.
const REQUEST_ID_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const REQUEST_ID_LENGTH = 8

const current = () => processMemory('request-id', () => new AsyncLocalStorage<string>())

/**
 * Names every request that this process gets from now on.
 *
 * @see {@link https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#http http.server.request.start}
 */
export function nameRequests(): void {
  processMemory('names-requests', () => {
    subscribe('http.server.request.start', (message) => {
      const { response } = message as { response: ServerResponse }
      const id = newRequestId()
      response.setHeader('x-request-id', id)
      // All code that answers this request is called from here and inherits the name.
      current().enterWith(id)
    })
    return true
  })
}

/** The name of the current request; undefined if there is none, or if it came before {@link nameRequests}. */
export function currentRequestId(): string | undefined {
  return current().getStore()
}

/** A name that no other recent request has. */
export function newRequestId(): string {
  return Array.from(
    { length: REQUEST_ID_LENGTH },
    () => REQUEST_ID_ALPHABET[randomInt(REQUEST_ID_ALPHABET.length)],
  ).join('')
}
