/**
 * Listeners on the loopback interface.
 * @module
 */
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'

/** One port on the loopback addresses of the machine. */
export interface Listener {
  port: number
  close(): Promise<void>
}

/** How many times to look for a port that is free on both addresses. */
const MAX_TRIES = 10

/**
 * Listens on 127.0.0.1, and on ::1 if the machine has it, because `localhost` may mean either.
 *
 * @param port - The port, or 0 for any free one.
 * @param handle - Handles the requests.
 * @param options - `tls`: serves https with this key and certificate. `isIpv4Only`: does not listen on ::1.
 * @throws {Error} If a port other than 0 is taken.
 */
export async function listen(
  port: number,
  handle: RequestListener,
  options: { tls?: { key: string; cert: string }; isIpv4Only?: boolean } = {},
): Promise<Listener> {
  const create = () => (options.tls ? createTlsServer(options.tls, handle) : createServer(handle))
  for (let attempt = 1; ; attempt += 1) {
    const first = create()
    await bind(first, port, '127.0.0.1')
    const address = first.address()
    const bound = typeof address === 'object' && address !== null ? address.port : port
    if (options.isIpv4Only) return { port: bound, close: () => closeAll([first]) }
    const second = create()
    try {
      await bind(second, bound, '::1')
      return { port: bound, close: () => closeAll([first, second]) }
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
        return { port: bound, close: () => closeAll([first]) }
      }
      await closeAll([first])
      if (port !== 0 || attempt === MAX_TRIES) throw error
    }
  }
}

function bind(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function closeAll(servers: Server[]): Promise<void> {
  const closing = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
  for (const server of servers) server.closeAllConnections()
  await Promise.all(closing)
}
