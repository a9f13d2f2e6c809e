/**
 * Runs once when the server starts. A process with an unusable environment exits; requests get ids and limits; counters go to the
 * collector if one is configured; a process that lasts does background work; the connection to a shared store is opened before the first request.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  const { config } = await import('./lib/config/config')
  const { checkAtStart } = await import('./lib/health/check-at-start')
  const settings = await checkAtStart(config)
  const { hasMetricsCollector, redisUrl } = settings
  const { nameRequests } = await import('./lib/observability/request-id')
  nameRequests()
  const { limitRequests } = await import('./lib/http/request-limits')
  limitRequests()
  if (hasMetricsCollector) (await import('./lib/observability/send-counters')).sendCounters()
  // On hosts of functions the process stops with its answers, and a cron asks for background work.
  if (redisUrl !== undefined && !process.env.VERCEL && !process.env.AWS_LAMBDA_FUNCTION_NAME) {
    const { drainHere } = await import('./lib/jobs/drain-here')
    // Out of the bundler's sight: what it sees here becomes part of every function, that of a login too.
    drainHere(settings, redisUrl, () => import(/* turbopackIgnore: true */ 'bullmq'))
    const { sendMailsWith } = await import('./lib/mail/library')
    sendMailsWith(() => import(/* turbopackIgnore: true */ 'nodemailer'))
  }
  const { createStore } = await import('./lib/store/store')
  const { orFallback } = await import('./lib/store/or-fallback')
  // Any question will do. Without an answer the process serves all the same: only links have to wait.
  await orFallback(createStore(redisUrl).isTaken('start'), false)
}
