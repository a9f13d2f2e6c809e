/**
 * A stand-in for the parts of the linking service that the Action requests: the health check, and the receiver of events.
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll } from 'vitest'

/** An event that arrived. */
export interface ReceivedEvent {
  authorization: string | undefined
  body: Record<string, unknown>
}

/** Handles requests to one URL of the service. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void

/** Responds with JSON. */
export const answering =
  (body: unknown, status = 200): Behaviour =>
  (_request, response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
/** Never responds. */
export const hanging: Behaviour = () => undefined
/** Closes the connection without a response. */
export const hangingUp: Behaviour = (request) => request.socket.destroy()

/** The service. Tests may change `health` and `webhook`. */
export class ActionService {
  origin = ''
  health: Behaviour = answering({})
  webhook: Behaviour = answering({})
  healthChecks = 0
  events: ReceivedEvent[] = []

  /** Forgets all requests. The service is then healthy and offers links. */
  reset(): void {
    this.health = answering({ status: 'ok', offer: true })
    this.webhook = answering({})
    this.healthChecks = 0
    this.events = []
  }
}

/** Starts the service on a free port, and stops it after the test file. */
export async function anActionService(): Promise<ActionService> {
  const service = new ActionService()
  service.reset()
  const server = createServer(async (request, response) => {
    if (request.url === '/healthz') {
      service.healthChecks += 1
      return service.health(request, response)
    }
    const body = JSON.parse(await text(request))
    service.events.push({ authorization: request.headers.authorization, body })
    service.webhook(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  service.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return service
}
