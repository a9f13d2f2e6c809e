/**
 * Runs once when the server starts: a process with an unusable environment refuses to serve at all, requests get names
 * and limits, counts go to a collector where there is one, and a process with a shared store is connected to it before anybody comes.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  const { checkAtStart } = await import('./lib/health/check-at-start')
  checkAtStart()
  const { nameRequests } = await import('./lib/observability/request-id')
  nameRequests()
  const { limitRequests } = await import('./lib/http/request-limits')
  limitRequests()
  const { config } = await import('./lib/config/config')
  if (config().isCounted) (await import('./lib/observability/send-counters')).sendCounters()
  const { store } = await import('./lib/store/store')
  const { orFallback } = await import('./lib/store/or-fallback')
  // Any question will do. Without an answer the process serves all the same: only links have to wait.
  await orFallback(store().isTaken('start'), false)
}
