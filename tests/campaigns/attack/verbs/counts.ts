/**
 * Steps that count requests.
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { LedgerCall } from '../../../support/flow/tenant'
import { jar, type Verb, values, verb } from '../verb'

export const COUNT_VERBS: Record<string, Verb> = {
  /**
   * Checks how often the tenant was called at a path (a regular expression) with fields in the body (null: any value).
   */
  calls: verb(
    { path: z.string(), with: values.optional(), count: z.number().optional(), most: z.number().optional() },
    async (run, { path, with: fields = {}, count, most = count }) => {
      const ledger = await run.ledgerSince(Number(run.values.begun))
      const found = ledger.filter((call) => new RegExp(path).test(call.path) && holds(call, fields)).length
      if (found > (most ?? found) || (count !== undefined && found !== count))
        throw new Error(`${found} calls`)
    },
  ),

  /** Checks that a browser made at most this many requests: in all, to a path (a regular expression), or redirected ones. */
  hops: verb(
    { path: z.string().optional(), redirected: z.boolean().optional(), most: z.number(), jar },
    async (run, { path = '', redirected = false, most, jar }) => {
      const found = run
        .browser(jar)
        .hops.filter(
          ({ url, headers }) =>
            new RegExp(path).test(url.pathname) && (!redirected || headers.has('location')),
        )
      if (found.length > most) throw new Error(`${found.length} requests`)
    },
  ),
}

function holds({ body }: LedgerCall, fields: Record<string, unknown>): boolean {
  const found = (typeof body === 'object' ? body : null) as Record<string, unknown> | null
  return Object.entries(fields).every(([name, value]) =>
    value === null ? found?.[name] !== undefined : isDeepStrictEqual(found?.[name], value),
  )
}
