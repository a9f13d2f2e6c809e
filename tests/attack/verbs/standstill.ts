/**
 * Steps that measure how long a request keeps the process busy: the only ones with a clock.
 * @module
 */
import { z } from 'zod'
import { askHealth, best, busy, send } from '../../support/standstill'
import { jar, type Verb, verb } from '../verb'

/** Longest that a request of the full size may keep the process busy, in milliseconds of CPU time. */
const MOST = 100
/** How many times the CPU time of half the size that may be. */
const GROWTH = 2.5
/** What cannot be told from the cost of an empty request, in milliseconds: below that, growth is not looked at. */
const NOISE = 30
/** Requests of the full size that are sent at once while somebody else asks for the health. */
const CROWD = 8
/** Longest that somebody else may then wait, in milliseconds. */
const WAIT = 1000

export const STANDSTILL_VERBS: Record<string, Verb> = {
  /**
   * Sends a request at half and at full size, three times each. The process may not be busy with the full one for more than
   * 100 ms, nor for more than 2.5 times what half of it costs. `status`: what each is answered. `crowd`: eight at once, while
   * somebody else asks for `/healthz` and has an answer within a second.
   */
  measure: verb(
    {
      line: z.string(),
      headers: z.array(z.string()).optional(),
      body: z.string().optional(),
      chunked: z.boolean().optional(),
      unit: z.string(),
      /** Bytes of the filling at full size. */
      size: z.number(),
      status: z.array(z.number()),
      crowd: z.boolean().optional(),
      /** Whose cookies are sent along. */
      jar,
    },
    async (run, { size, status, crowd = false, jar, headers = [], line, unit, ...body }) => {
      const { app } = run.flow.demo
      const measured = { app, pids: run.pids() }
      const cookie = jar && (await run.browser(jar).jar.getCookieString(app))
      const shape = {
        ...(body as { body?: string; chunked?: boolean }),
        ...{ line, unit, headers: [...(cookie ? [`Cookie: ${cookie}`] : []), ...headers] },
      }
      const sendOf = async (bytes: number) => {
        const answered = await send(measured, shape, bytes)
        if (!status.includes(answered)) throw new Error(`answered ${answered}`)
      }
      // What is compiled on first use is not counted.
      await sendOf(size / 2)
      const half = await busy(measured, () => sendOf(size / 2))
      const full = await busy(measured, () => sendOf(size))
      if (full > MOST || full > Math.max(GROWTH * half, NOISE))
        throw new Error(`${full.toFixed(1)} ms of CPU time, ${half.toFixed(1)} ms for half the size`)
      if (!crowd) return
      const waited = await best(async () => {
        const sent = Promise.all(Array.from({ length: CROWD }, () => sendOf(size)))
        await new Promise((resolve) => setTimeout(resolve, 20))
        const begun = performance.now()
        await askHealth(app)
        const waiting = performance.now() - begun
        await sent
        return waiting
      })
      if (waited > WAIT) throw new Error(`somebody else waited ${Math.round(waited)} ms for /healthz`)
    },
  ),
}
