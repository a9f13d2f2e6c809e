/**
 * Steps that measure how long a request keeps the process busy. The only steps with a clock.
 * @module
 */
import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { z } from 'zod'
import { cpuTime } from '../../support/cpu-time'
import type { Run } from '../run'
import { jar, type Verb, verb } from '../verb'

/** Longest that a request of the full size may keep the process busy, in milliseconds of CPU time. */
const MOST = 100
/** How many times the CPU time of half the size that may be. */
const GROWTH = 2.5
/** What cannot be told from the cost of an empty request, in milliseconds: below that growth is not looked at. */
const NOISE = 30
/** The best of so many counts: whatever else a process has to do is added to some of them, never to all. */
const TRIES = 3
/** Longest wait for an answer, in milliseconds. */
const PATIENCE = 60_000
/** Requests of the full size that are sent at once while somebody else asks for the health. */
const CROWD = 8
/** Bytes of one chunk, where a body announces no length. */
const CHUNK = 16_384

const shape = {
  /** Method and target; `$FILL` stands for the filling. */
  line: z.string(),
  /** Header lines; those of the connection are there. */
  headers: z.array(z.string()).optional(),
  /** Sent as it is; may hold `$FILL` as well. */
  body: z.string().optional(),
  /** Whether the body is sent in chunks, without a length. */
  chunked: z.boolean().optional(),
  /** What is repeated; `#` in it is a number. */
  unit: z.string(),
  /** Bytes of the filling at full size. */
  size: z.number(),
  jar,
}
type Shape = z.infer<z.ZodObject<typeof shape>>

export const STANDSTILL_VERBS: Record<string, Verb> = {
  /**
   * Sends a request at half and at full size, three times each. The process may not be busy with the full one for more than
   * 100 ms, nor for more than 2.5 times what half of it costs. `status`: what each is answered. `crowd`: eight at once, during
   * which somebody else asks for `/healthz` and has an answer within a second.
   */
  measure: verb(
    { ...shape, status: z.array(z.number()), crowd: z.boolean().optional() },
    async (run, { status, crowd = false, ...shape }) => {
      const send = async (size: number) => {
        const answered = await exchange(run, await requestOf(run, shape, size))
        if (!status.includes(answered)) throw new Error(`answered ${answered}`)
      }
      // What is compiled on first use is not counted.
      await send(shape.size / 2)
      const half = await best(() => busy(run, () => send(shape.size / 2)))
      const full = await best(() => busy(run, () => send(shape.size)))
      if (full > MOST) throw new Error(`${Math.round(full)} ms of CPU time, ${Math.round(half)} ms for half`)
      if (full > Math.max(GROWTH * half, NOISE))
        throw new Error(`${full.toFixed(1)} ms for the full size, ${half.toFixed(1)} ms for half of it`)
      if (!crowd) return
      const waited = await best(async () => {
        const sent = Promise.all(Array.from({ length: CROWD }, () => send(shape.size)))
        await new Promise((resolve) => setTimeout(resolve, 20))
        const begun = performance.now()
        await health(run)
        const waiting = performance.now() - begun
        await sent
        return waiting
      })
      if (waited > 1000) throw new Error(`somebody else waited ${Math.round(waited)} ms for /healthz`)
    },
  ),
}

/** CPU time of the application while something is done, in milliseconds; plain time where its processes are not known. */
async function busy(run: Run, work: () => Promise<void>): Promise<number> {
  const used = () => (run.pids().length > 0 ? cpuTime(run.pids()) : performance.now())
  const before = used()
  await work()
  // Whatever the request has left to do comes before the next answer.
  await health(run)
  return used() - before
}

async function best(measure: () => Promise<number>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let count = 0; count < TRIES; count += 1) least = Math.min(least, await measure())
  return least
}

async function health({ flow }: Run): Promise<void> {
  const { status } = await fetch(`${flow.demo.app}/healthz`)
  if (status !== 200) throw new Error(`/healthz answered ${status}`)
}

async function requestOf(
  run: Run,
  { line, headers = [], body, chunked = false, unit, jar }: Shape,
  size: number,
): Promise<string> {
  const { app } = run.flow.demo
  const filling = fillingOf(unit, size)
  const filled = (text: string) => text.replaceAll('$FILL', () => filling)
  const cookie = jar && (await run.browser(jar).jar.getCookieString(app))
  const content = body === undefined ? '' : filled(body)
  const lines = [
    `${filled(line)} HTTP/1.1`,
    `Host: ${new URL(app).host}`,
    ...(headers.some((each) => /^connection:/i.test(each)) ? [] : ['Connection: close']),
    ...(cookie ? [`Cookie: ${cookie}`] : []),
    ...(body === undefined
      ? []
      : [chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${content.length}`]),
    ...headers.map(filled),
  ]
  return `${lines.join('\r\n')}\r\n\r\n${chunked ? inChunks(content) : content}`
}

function fillingOf(unit: string, size: number): string {
  if (!unit.includes('#')) return unit.repeat(Math.floor(size / unit.length))
  const units: string[] = []
  for (let length = 0; ; ) {
    const next = unit.replaceAll('#', units.length.toString(36))
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

/** Sends bytes as they are; the status of the answer, or 0 where the connection was ended without one. */
function exchange({ flow }: Run, sent: string): Promise<number> {
  const url = new URL(flow.demo.app)
  return new Promise((resolve, reject) => {
    let received = ''
    const socket = connectTo(url)
    socket.setTimeout(PATIENCE, () => socket.destroy(new Error('no answer')))
    socket.setEncoding('latin1').on('data', (text) => {
      received += text
      // What is refused before all of it was sent.
      if (received.includes('\r\n\r\n')) socket.end()
    })
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? resolve(statusOf(received)) : reject(error),
    )
    socket.on('close', () => resolve(statusOf(received)))
    socket.write(sent, 'latin1')
  })
}

function connectTo({ protocol, hostname, port }: URL): Socket {
  const to = { host: hostname, port: Number(port) }
  return protocol === 'https:' ? connectTls({ ...to, rejectUnauthorized: false }) : connectPlain(to)
}

const statusOf = (received: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(received)?.[1] ?? 0)
