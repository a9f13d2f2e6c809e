import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attempt } from '../campaigns/attack/attack'
import { isRunnable, readCorpus, variantsOf } from '../campaigns/attack/corpus'
import { Targets } from '../campaigns/attack/targets'
import { startFlowDemo } from '../support/flow/demo'
import { busy, MAX_BUSY_MS, type Measured, type Shape, send } from '../support/flow/standstill'

/** Whether to send the requests also to Next.js without our limits, as `npm run check:full` does. */
const isWhole = process.env.STANDSTILL === 'all'
/** The first variant of each row of the standstill table; `npm run attack` plays everything. */
const rows = readCorpus().filter(({ id }) => id.startsWith('S04'))

describe('requests that would stop the process', () => {
  const targets = new Targets()
  afterAll(() => targets.close())

  it.each(rows.filter(isRunnable))('$id $threat', async (one) => {
    const [variant] = variantsOf(one)
    expect(variant).toBeDefined()
    if (variant) await attempt(await targets.of(one), variant)
  })
})

/** Turns off the diagnostics channel through which our limits see requests, so that they reach Next.js unchanged. */
const WITHOUT_LIMITS = `
  import diagnostics from 'node:diagnostics_channel'
  import { syncBuiltinESMExports } from 'node:module'
  diagnostics.subscribe = () => undefined
  syncBuiltinESMExports()`

/** The size of the filling, in bytes. Node.js accepts 16 kB of headers. */
const SIZE = 12_000

/**
 * If a test fails here, that is good news: this release of Next.js handles such requests fast enough. Then remove the limit
 * that the test names from `lib/http/request-limits.ts`, and its row of the corpus.
 */
if (isWhole)
  describe('Next.js by itself, without the limits of lib/http/request-limits.ts', () => {
    let measured: Measured
    beforeAll(async () => {
      const demo = await startFlowDemo({
        env: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(WITHOUT_LIMITS)}` },
      })
      measured = { app: demo.app, pids: demo.pids() }
      return demo.close
    })

    it.each<[string, Shape]>([
      ['MAX_PARAMETERS: the parameters of a query', { line: 'GET /healthz?$FILL', unit: 'a&' }],
      ['ownCookies: cookies', { line: 'GET /healthz', headers: ['Cookie: $FILL'], unit: 'c#=;' }],
      ['MAX_USER_AGENT: the user agent', { line: 'GET /healthz', headers: ['User-Agent: $FILL'], unit: 'x' }],
    ])('still needs %s', async (limit, shape) => {
      await send(measured, shape, SIZE)
      const used = await busy(measured, () => send(measured, shape, SIZE))
      expect(used, `Next.js needs ${used} ms now: drop ${limit}`).toBeGreaterThan(MAX_BUSY_MS)
    })
  })
