/**
 * Steps about what the application sends out: events, log lines, connections.
 * @module
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import type { Run } from '../run'
import { type Verb, verb } from '../verb'

/** Longest wait for events in milliseconds. They are sent after the answer. */
const WAIT_TIMEOUT_MS = 5_000

interface Received {
  body: { type: string; data: { notice?: { subject: string; text: string } } }
}

export const NOTICE_VERBS: Record<string, Verb> = {
  /**
   * Waits for the events of the case: exactly these types, in any order. Checks words that each email (`mail`) and each
   * event (`has`) contains, and words that no event contains (`lacks`, and every secret).
   */
  events: verb(
    {
      types: z.array(z.string()),
      mail: z.array(z.string()).optional(),
      has: z.array(z.string()).optional(),
      lacks: z.array(z.string()).optional(),
    },
    async (run, { types, mail = [], has = [], lacks = [] }) => {
      const events = await received(run, types.length)
      const found = events.map(({ body }) => body.type).sort()
      if (found.join() !== [...types].sort().join()) throw new Error(`the events were ${found.join()}`)
      for (const { body } of events) {
        const text = body.data.notice?.text ?? ''
        for (const words of mail)
          if (!text.includes(words)) throw new Error(`no “${words}” in the email: ${text}`)
        for (const words of has)
          if (!JSON.stringify(body).includes(words)) throw new Error(`${body.type} does not contain ${words}`)
        for (const words of [...lacks, ...secrets(run)])
          if (JSON.stringify(body).includes(words)) throw new Error(`${body.type} says ${words.slice(0, 12)}`)
      }
    },
  ),

  /**
   * Checks the application's output: it contains none of these words and no control character, and each line that begins
   * with `{` is JSON. The output is empty if another process started the application.
   */
  log: verb({ lacks: z.array(z.string()) }, async (run, { lacks }) => {
    const output = run.output()
    for (const words of lacks)
      if (output.includes(words)) throw new Error(`the log contains ${JSON.stringify(words)}`)
    const bad = output.split('\n').find((line) => line.startsWith('{') && !isJson(line))
    if (bad) throw new Error(`the log has a broken line: ${bad.slice(0, 200)}`)
    const control = /(?!\n)[\p{Cc}\u2028\u2029]/u.exec(output)
    if (control) throw new Error(`the log has a control character: ${JSON.stringify(control[0])}`)
  }),

  /** Starts a server that counts connections, or resets its count. Stores `$SINK` (a URL), `$SINKHOST` and `$SINKPORT`. */
  sink: verb({}, async (run) => {
    sink = sink ?? openSink()
    const server = await sink
    connections = 0
    run.values.SINKHOST = `127.0.0.1:${(server.address() as AddressInfo).port}`
    run.values.SINK = `http://${run.values.SINKHOST}`
    run.values.SINKPORT = (server.address() as AddressInfo).port
  }),

  /** Checks that `$SINK` received no connection. */
  'sink untouched': verb({}, async () => {
    if (connections > 0) throw new Error(`${connections} connections to the sink`)
  }),
}

let sink: Promise<Server> | undefined
let connections = 0

function openSink(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((_request, response) => response.end('sink'))
    server.on('connection', () => {
      connections += 1
    })
    server.listen(0, '127.0.0.1', () => resolve(server.unref()))
  })
}

async function received(run: Run, count: number): Promise<Received[]> {
  const end = Date.now() + WAIT_TIMEOUT_MS
  for (;;) {
    const events: Received[] = await (await fetch(`${run.flow.demo.tenant}/_tenant/events`)).json()
    if (events.length >= count || Date.now() > end) return events
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

const secrets = ({ flow }: Run) =>
  Object.entries(flow.demo.env).flatMap(([name, value]) => (/SECRET/.test(name) ? [value] : []))

function isJson(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object'
  } catch {
    return false
  }
}
