/**
 * Counts what `counters.ts` defines and sends the counts to a collector. This module is loaded only if a collector is
 * configured. The exporter reads the environment variables that OpenTelemetry specifies.
 *
 * @see {@link https://opentelemetry.io/docs/specs/otel/protocol/exporter/ OpenTelemetry Protocol exporter}
 * @module
 */
import 'server-only'
import { randomUUID } from 'node:crypto'
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { afterAnswer } from './after-answer'
import { COUNTERS, FIRST_LOSSES, FIRST_STEPS, isApiLimited, toLoss } from './counters'
import { toFunnelStep } from './funnel-step'
import { type LogFields, logEvent, observeLog } from './log'

/** How long counts are collected before they are sent, in milliseconds. */
const SEND_DELAY_MS = 1_000
/** How often counts are sent if nothing happens, in milliseconds. A collector drops a series that it no longer receives. */
const SEND_INTERVAL_MS = 60_000

/** Collects the counts on demand. It has nothing to flush or shut down. */
class Reader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** Starts counting. A server that is asked to stop first sends the counts of its requests. */
export function sendCounters(): void {
  const exporter = new OTLPMetricExporter()
  const reader = new Reader({
    aggregationTemporalitySelector: (kind) => exporter.selectAggregationTemporality(kind),
  })
  const provider = new MeterProvider({ resource: thisProcess(), readers: [reader] })
  const count = counter(provider)
  const send = sender(reader, exporter)
  let waiting: Promise<void> | undefined
  let sendNow: () => void = () => undefined
  observeLog((event, fields) => {
    if (!count(event, fields)) return
    waiting ??= new Promise<void>((resolve) => {
      sendNow = resolve
      setTimeout(resolve, SEND_DELAY_MS)
    }).then(() => {
      waiting = undefined
      return send()
    })
    const sent = waiting
    // A server that is asked to stop waits for work that a request passed to `afterAnswer`.
    afterAnswer(() => sent)
  })
  // The zeros that series begin with have to arrive before the first counts.
  void send()
  setInterval(send, SEND_INTERVAL_MS).unref()
  process.once('SIGTERM', () => sendNow())
}

/** Makes a function that counts what a log line reports. The function returns whether the line reports anything that is counted. */
function counter(provider: MeterProvider): (event: string, fields: LogFields) => boolean {
  const meter = provider.getMeter('account-linking')
  const create = ({ name, unit, description }: (typeof COUNTERS)[keyof typeof COUNTERS]) =>
    meter.createCounter(name, { unit, description })
  const steps = create(COUNTERS.steps)
  const lost = create(COUNTERS.lost)
  const apiLimited = create(COUNTERS.apiLimited)
  for (const step of FIRST_STEPS) steps.add(0, { ...step })
  for (const loss of FIRST_LOSSES) lost.add(0, { ...loss })
  apiLimited.add(0)
  return (event, fields) => {
    const step = toFunnelStep(event, fields)
    const loss = toLoss(event, fields)
    const isLimited = isApiLimited(event)
    if (step) steps.add(1, { ...step })
    if (loss) lost.add(1, { ...loss })
    if (isLimited) apiLimited.add(1)
    return Boolean(step || loss || isLimited)
  }
}

/** Identifies this instance to the collector. Without an id, the counts of several instances would overwrite each other. */
function thisProcess() {
  const standard = { 'service.name': 'account-linking', 'service.instance.id': randomUUID() }
  return resourceFromAttributes(standard).merge(detectResources({ detectors: [envDetector] }))
}

/**
 * Makes a function that sends all counts. The first of several failures in a row is logged. Counts that could not be sent are
 * part of the next attempt.
 */
function sender(reader: MetricReader, exporter: OTLPMetricExporter): () => Promise<void> {
  let isLost = false
  return async () => {
    const { resourceMetrics } = await reader.collect()
    const { code } = await new Promise<{ code: number }>((resolve) =>
      exporter.export(resourceMetrics, resolve),
    )
    const wasLost = isLost
    isLost = code !== 0
    if (isLost && !wasLost) logEvent('counters_lost')
    if (wasLost && !isLost) logEvent('counters_back')
  }
}
