/**
 * Steps that measure how long a request keeps the process busy.
 * @module
 */
import { z } from 'zod'
import { askHealth, best, busy, MAX_BUSY_MS, send } from '../../../support/flow/standstill'
import { jar, type Verb, verb } from '../verb'

/** The largest allowed ratio of the CPU time at full size to that at half size. */
const MAX_GROWTH = 2.5
/**
 * Times below this cannot be told from the cost of an empty request, in milliseconds, so their growth is not checked.
 */
const NOISE_MS = 30
/**
 * How often to measure again while the times are above the limits. Other programs on the machine can slow a few measurements;
 * a request that is too expensive is too expensive in all of them.
 */
const ROUNDS = 4
/** Requests of the full size that are sent at once while another client checks the health. */
const CROWD_SIZE = 8
/** The longest time that the other client may wait, in milliseconds. */
const MAX_WAIT_MS = 1000

export const STANDSTILL_VERBS: Record<string, Verb> = {
  /**
   * Sends a request at half and at full size, three times each; again, at most four times, if that took too long. The full
   * one may keep the process busy for at most 100 ms, and for at most 2.5 times the cost of the half one. `status`: the
   * status of each answer. `crowd`: sends eight at once, while another client requests `/healthz` and receives an answer within
   * a second.
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
      /** The browser whose cookies are sent. */
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
      // This first request does not count: the process compiles code for it.
      await sendOf(size / 2)
      let [half, full] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
      const isTooLong = () => full > MAX_BUSY_MS || full > Math.max(MAX_GROWTH * half, NOISE_MS)
      for (let round = 0; round < ROUNDS && (round === 0 || isTooLong()); round += 1) {
        half = Math.min(half, await busy(measured, () => sendOf(size / 2)))
        full = Math.min(full, await busy(measured, () => sendOf(size)))
      }
      if (isTooLong())
        throw new Error(`${full.toFixed(1)} ms of CPU time, ${half.toFixed(1)} ms for half the size`)
      if (!crowd) return
      const waited = await best(async () => {
        const sent = Promise.all(Array.from({ length: CROWD_SIZE }, () => sendOf(size)))
        await new Promise((resolve) => setTimeout(resolve, 20))
        const begun = performance.now()
        await askHealth(app)
        const waiting = performance.now() - begun
        await sent
        return waiting
      })
      if (waited > MAX_WAIT_MS) throw new Error(`another client waited ${Math.round(waited)} ms for /healthz`)
    },
  ),
}
