/**
 * A receiver of metrics that works like OpenTelemetry's collector, and keeps what it receives.
 * @module
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/** A running collector. */
export interface Collector {
  /** The value for `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  url: string
  /** The bodies of all accepted requests. */
  received: () => string
  /** The newest count of each series, if above zero. A key has the values of the attributes, sorted by the names. */
  counts: () => Record<string, number>
  close: () => void
}

const Attributes = z.array(z.object({ key: z.string(), value: z.object({ stringValue: z.string() }) }))
const Metrics = z.object({
  resourceMetrics: z.array(
    z.object({
      scopeMetrics: z.array(
        z.object({
          metrics: z.array(
            z.object({
              sum: z.object({
                dataPoints: z.array(z.object({ attributes: Attributes, asDouble: z.number() })),
              }),
            }),
          ),
        }),
      ),
    }),
  ),
})

/** Starts a collector on a free port. */
export async function startCollector(): Promise<Collector> {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const isTaken = request.url === '/v1/metrics' && request.headers['content-type'] === 'application/json'
    if (isTaken) bodies.push(body)
    response.writeHead(isTaken ? 200 : 404, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => bodies.join('\n'),
    counts: () => Object.fromEntries(bodies.flatMap(countsOf).filter(([, count]) => count > 0)),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function countsOf(body: string): [string, number][] {
  const { resourceMetrics } = Metrics.parse(JSON.parse(body))
  const metrics = resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap((scope) => scope.metrics),
  )
  return metrics
    .flatMap(({ sum }) => sum.dataPoints)
    .map(({ attributes, asDouble }) => {
      const sorted = attributes.toSorted((one, other) => (one.key < other.key ? -1 : 1))
      return [sorted.map(({ value }) => value.stringValue).join(' '), asDouble]
    })
}
