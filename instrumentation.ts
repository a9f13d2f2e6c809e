/**
 * Runs once when the server starts. A process with an unusable environment exits; requests get ids and limits; counters go to the
 * collector if one is configured; the connection to a shared store is opened before the first request.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  const { config } = await import('./lib/config/config')
  const { checkAtStart } = await import('./lib/health/check-at-start')
  const { hasMetricsCollector, redisUrl } = await checkAtStart(config)
  const { nameRequests } = await import('./lib/observability/request-id')
  nameRequests()
  const { limitRequests } = await import('./lib/http/request-limits')
  limitRequests()
  if (hasMetricsCollector) (await import('./lib/observability/send-counters')).sendCounters()
  const { createStore } = await import('./lib/store/store')
  const { orFallback } = await import('./lib/store/or-fallback')
  // Any question will do. Without an answer the process serves all the same: only links have to wait.
  await orFallback(createStore(redisUrl).isTaken('start'), false)
}
