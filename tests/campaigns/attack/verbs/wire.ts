/**
 * Steps on a bare connection, for requests that no browser would send.
 * @module
 */
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { parse } from 'node-html-parser'
import { z } from 'zod'
import { jar, type Verb, verb } from '../verb'

/** Longest wait for an answer, in milliseconds. */
const ANSWER_TIMEOUT_MS = 10_000

export const WIRE_VERBS: Record<string, Verb> = {
  /**
   * Sends lines to the application unchanged: the request line, then headers. `Host` is added unless a line sets it;
   * the connection is closed afterwards. `repeat`: the last line this many times, with a number for `#`. `jar`: adds
   * its cookies.
   */
  wire: verb(
    { lines: z.array(z.string()).min(1), repeat: z.number().optional(), body: z.string().optional(), jar },
    async (run, { lines, repeat = 1, body = '', jar }) => {
      const { app } = run.flow.demo
      // The answer counts as the application's, whatever address the lines contain.
      const url = new URL(app)
      const [line = '', ...headers] = lines
      const last = headers.at(-1) ?? ''
      const all = [
        ...headers.slice(0, -1),
        ...Array.from({ length: repeat }, (_, n) => last.replace('#', `${n}`)),
      ]
      const cookie = jar && (await run.browser(jar).jar.getCookieString(app))
      const sent = [
        line,
        ...(headers.some((each) => /^host:/i.test(each)) ? [] : [`Host: ${url.host}`]),
        'Connection: close',
        ...(cookie ? [`Cookie: ${cookie}`] : []),
        ...(body ? [`Content-Length: ${Buffer.byteLength(body)}`] : []),
        ...all.filter((each) => each !== ''),
      ]
      const answer = read(await exchange(url, `${sent.join('\r\n')}\r\n\r\n${body}`))
      run.come(jar, { url, html: parse(answer.body), ...answer })
    },
  ),
}

function exchange({ protocol, hostname, port }: URL, sent: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = ''
    const address = { host: hostname, port: Number(port) }
    const send = () => socket.write(sent)
    const socket = protocol === 'https:' ? connectTls(address, send) : connect(address, send)
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('no answer')))
    socket.setEncoding('utf8').on('data', (text) => {
      received += text
    })
    socket.on('error', (error: NodeJS.ErrnoException) =>
      received || error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(received) : reject(error),
    )
    socket.on('close', () => resolve(received))
  })
}

/** An answer; status 0 if there was none. */
function read(text: string): { status: number; headers: Headers; body: string } {
  const end = text.indexOf('\r\n\r\n')
  const [line = '', ...lines] = text.slice(0, end === -1 ? undefined : end).split('\r\n')
  const headers = new Headers()
  for (const each of lines) {
    const colon = each.indexOf(':')
    if (colon > 0) headers.append(each.slice(0, colon), each.slice(colon + 1).trim())
  }
  return { status: Number(line.split(' ')[1] ?? 0), headers, body: end === -1 ? '' : text.slice(end + 4) }
}
