import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { COUNTERS } from '@/lib/observability/counters'
import { logEvent } from '@/lib/observability/log'
import { sendCounters } from '@/lib/observability/send-counters'
import { aLog } from '../events/an-event'

let collector: Server
let status = 200
let stop: (() => void) | undefined
const received: string[] = []

interface Metric {
  sum: { dataPoints: { asDouble: number }[] }
}

beforeAll(async () => {
  collector = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    received.push(body)
    response.writeHead(status, { connection: 'close' }).end('{}')
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  const { port } = collector.address() as AddressInfo
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${port}`)
  vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=staging')
})
afterAll(() => {
  vi.unstubAllEnvs()
  collector.close()
})

describe('sendCounters', () => {
  it("first sends every series with zero, because Prometheus misses an increase in a series' first value", async () => {
    const once = vi.spyOn(process, 'once')
    sendCounters()
    stop = once.mock.calls.find(([signal]) => signal === 'SIGTERM')?.[1]
    await vi.waitFor(() => expect(received).toHaveLength(1), 5_000)
    const [body = ''] = received
    const { metrics } = JSON.parse(body).resourceMetrics[0].scopeMetrics[0]
    expect(metrics.map(({ name }: { name: string }) => name)).toEqual(
      Object.values(COUNTERS).map(({ name }) => name),
    )
    const series = metrics.flatMap((metric: Metric) => metric.sum.dataPoints)
    expect(series.length).toBeGreaterThan(20)
    expect(series.filter(({ asDouble }: { asDouble: number }) => asDouble !== 0)).toEqual([])
    expect(body).toContain('"offered"')
    expect(body).toContain('"store_unavailable"')
  })

  it('sends the counts immediately if the process is asked to stop, with the name of the deployment', async () => {
    const log = aLog()
    logEvent('flow_opened', { user: 'canary' })
    const began = performance.now()
    stop?.()
    await vi.waitFor(() => expect(received).toHaveLength(2))
    expect(performance.now() - began).toBeLessThan(900)
    const [, body = ''] = received
    expect(body).toContain('"offered"')
    expect(body).toContain('"staging"')
    expect(body).not.toContain('canary')
    expect(log.lines('counters_lost')).toEqual([])
  })

  it('logs once that the collector refuses counts, and once that it accepts them again', async () => {
    const log = aLog()
    const count = async (answer: number, sent: number) => {
      status = answer
      logEvent('flow_proven')
      await vi.waitFor(() => expect(received).toHaveLength(sent), 15_000)
    }
    await count(400, 3)
    await count(400, 4)
    await count(200, 5)
    await vi.waitFor(() => expect(log.lines('counters_back')).toHaveLength(1))
    expect(log.lines('counters_lost')).toHaveLength(1)
  })
})
