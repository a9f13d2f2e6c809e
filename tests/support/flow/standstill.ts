/**
 * Sends requests of one shape in several sizes, and measures how long they keep the application busy. The variable part of a
 * request is called its filling.
 * @module
 */
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { cpuTime } from './cpu-time'

/** An application to measure. */
export interface Measured {
  /** Origin of the application. */
  app: string
  /** Ids of its processes; empty if they are not known. */
  pids: number[]
}

/** A request of variable size. */
export interface Shape {
  /** Method and target. `$FILL` is replaced by the filling. */
  line: string
  /** Header lines, in addition to `Host`, `Connection` and those for the body. `$FILL` is replaced here, too. */
  headers?: string[]
  /** The body. `$FILL` is replaced here, too. */
  body?: string
  /** Whether to send the body in chunks, without `Content-Length`. */
  chunked?: boolean
  /** The filling repeats this text. `#` in it becomes a counter in base 36, `@` one of sixteen hexadecimal digits. */
  unit: string
}

/** The longest time for which a request of the full size may keep the process busy, in milliseconds of CPU time. */
export const MAX_BUSY_MS = 100
/** Longest wait for a response, in milliseconds. */
const ANSWER_TIMEOUT_MS = 60_000
/** Bytes of one chunk of a body without a length. */
const CHUNK = 16_384
/** How often to measure. The least value counts, because other work of a process adds to some measurements, not to all. */
const TRIES = 3

/**
 * Sends a request.
 *
 * @param size - Bytes of the filling.
 * @returns The status of the response; 0 if the connection ended without a response.
 */
export function send({ app }: Measured, shape: Shape, size: number): Promise<number> {
  const url = new URL(app)
  const sent = requestOf(url, shape, size)
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connectTo(url)
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('no answer')))
    socket.setEncoding('latin1').on('data', (text) => {
      received += text
      // The response may arrive before the whole request is sent.
      if (received.includes('\r\n\r\n')) socket.end()
    })
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(statusOf(received)) : reject(error),
    )
    socket.on('close', () => resolve(statusOf(received)))
    socket.write(sent, 'latin1')
  })
}

/**
 * Runs some work three times. Returns the least CPU time, in milliseconds, that the application used during it; elapsed time
 * if the application's processes are not known.
 */
export function busy(measured: Measured, work: () => Promise<unknown>): Promise<number> {
  const { app, pids } = measured
  const used = () => (pids.length > 0 ? cpuTime(pids) : performance.now())
  return best(async () => {
    const before = used()
    await work()
    // The application finishes its work for the request before it responds to the next one.
    await askHealth(app)
    return used() - before
  })
}

/** Measures three times, and returns the least value. */
export async function best(measure: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let count = 0; count < TRIES; count += 1) least = Math.min(least, await measure())
  return least
}

/**
 * Checks that an application is healthy.
 *
 * @throws {Error} If `/healthz` does not respond with 200.
 */
export async function askHealth(app: string): Promise<void> {
  const { status } = await fetch(`${app}/healthz`)
  if (status !== 200) throw new Error(`/healthz answered ${status}`)
}

function requestOf(
  { host }: URL,
  { line, headers = [], body, chunked = false, unit }: Shape,
  size: number,
): string {
  const filling = fillingOf(unit, size)
  const filled = (text: string) => text.replaceAll('$FILL', () => filling)
  const content = body === undefined ? '' : filled(body)
  const lines = [
    `${filled(line)} HTTP/1.1`,
    `Host: ${host}`,
    ...(headers.some((each) => /^connection:/i.test(each)) ? [] : ['Connection: close']),
    ...(body === undefined
      ? []
      : [chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${content.length}`]),
    ...headers.map(filled),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${chunked ? inChunks(content) : content}`
}

function fillingOf(unit: string, size: number): string {
  if (!/[#@]/.test(unit)) return unit.repeat(Math.floor(size / unit.length))
  const units: string[] = []
  for (let length = 0; ; ) {
    const number = units.length
    const next = unit
      .replaceAll('#', number.toString(36))
      .replaceAll('@', number.toString(16).padStart(16, '0'))
    length += next.length
    if (length > size) return units.join('')
    units.push(next)
  }
}

function inChunks(content: string): string {
  const chunks: string[] = []
  for (let at = 0; at < content.length; at += CHUNK) {
    const chunk = content.slice(at, at + CHUNK)
    chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`)
  }
  return `${chunks.join('')}0\r\n\r\n`
}

function connectTo({ protocol, hostname, port }: URL): Socket {
  const to = { host: hostname, port: Number(port) }
  return protocol === 'https:' ? connectTls({ ...to, rejectUnauthorized: false }) : connectPlain(to)
}

const statusOf = (received: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? 0)
