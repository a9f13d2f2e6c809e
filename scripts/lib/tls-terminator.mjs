import { connect } from 'node:net'
import { createServer } from 'node:tls'

/**
 * Serves a port over TLS on both loopback addresses, and hands what arrives on to a plain port of this machine, byte by byte:
 * WebSockets and answers that come in pieces need nothing of their own.
 *
 * @param {{ port: number, target: number, tls: { key: string, cert: string } }} options - `tls` as PEM.
 * @returns {Promise<{ close: () => Promise<void> }>} `close` also ends the connections that are open.
 * @throws {Error} When the port is taken.
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
    for (const [one, other] of [
      [outside, inside],
      [inside, outside],
    ]) {
      open.add(one)
      one.on('error', () => other.destroy())
      one.once('close', () => {
        open.delete(one)
        other.destroy()
      })
    }
  }
}

/** A machine without IPv6 does without that address. */
function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(error.code) ? resolve() : reject(error),
    )
    server.listen(port, host, resolve)
  })
}
