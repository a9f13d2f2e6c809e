import { connect } from 'node:net'
import { createServer } from 'node:tls'

/** How long a client may keep sending after the application has closed the connection, in milliseconds. */
const LINGER_MS = 2_000

/**
 * Serves a port over TLS on both loopback addresses, and forwards the bytes to a plain port of this machine. WebSockets and
 * streamed responses need no special handling.
 *
 * @param {{ port: number, target: number, tls: { key: string, cert: string } }} options - `tls` as PEM.
 * @returns {Promise<{ close: () => Promise<void> }>} `close` also ends open connections.
 * @throws {Error} If the port is taken.
 */
export async function startTlsTerminator({ port, target, tls }) {
  const open = new Set()
  const servers = ['127.0.0.1', '::1'].map((host) => ({ host, server: createServer(tls, handOn) }))
  const close = async () => {
    const closing = servers.map(({ server }) => new Promise((resolve) => server.close(resolve)))
    for (const socket of open) socket.destroy()
    await Promise.all(closing)
  }
  try {
    for (const { host, server } of servers) await listen(server, port, host)
  } catch (error) {
    await close()
    throw error
  }
  return { close }

  function handOn(/** @type {import('node:tls').TLSSocket} */ outside) {
    const inside = connect(target, '127.0.0.1')
    outside.pipe(inside).pipe(outside)
    open.add(outside)
    outside.on('error', () => inside.destroy())
    outside.once('close', () => {
      open.delete(outside)
      inside.destroy()
    })
    // An error needs no handling, because a `close` event follows.
    inside.on('error', () => undefined)
    inside.once('close', () => endSlowly(outside))
  }
}

/**
 * Ends a connection as proxies do. The application may respond before it has read all of a request. If the connection were
 * closed at once, the client would lose the response.
 */
function endSlowly(/** @type {import('node:tls').TLSSocket} */ socket) {
  socket.resume()
  socket.end()
  setTimeout(() => socket.destroy(), LINGER_MS).unref()
}

/** Starts a server on an address. Skips the IPv6 address on a machine without IPv6. */
function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(error.code) ? resolve() : reject(error),
    )
    server.listen(port, host, resolve)
  })
}
