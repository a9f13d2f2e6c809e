/**
 * Next.js runs this once when the server starts. It exits the process if the environment is unusable, adds ids and limits
 * to requests, starts the export of counters if a collector is configured, counts the steps for the console's funnel if
 * Redis is configured, starts background work if the process is long-lived, and connects to the shared store before the
 * first request.
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
  if (redisUrl !== undefined) (await import('./lib/store/count-funnel')).countFunnel(redisUrl)
  // On Vercel and AWS Lambda the process stops after a response, so a cron job triggers background work.
  if (redisUrl !== undefined && !process.env.VERCEL && !process.env.AWS_LAMBDA_FUNCTION_NAME) {
    const { drainHere } = await import('./lib/jobs/drain-here')
    // Hide bullmq from the bundler: otherwise it becomes part of every function, including the one for logins.
    const loadServices = async () =>
      (await import('./lib/sign-in-methods/account-work')).createWorkServices(settings)
    drainHere(loadServices, redisUrl, () => import(/* turbopackIgnore: true */ 'bullmq'))
    const { sendMailsWith } = await import('./lib/mail/library')
    sendMailsWith(() => import(/* turbopackIgnore: true */ 'nodemailer'))
  }
  const { createStore } = await import('./lib/store/store')
  const { fallBackIfStoreDown: orFallback } = await import('./lib/store/or-fallback')
  // Any query opens the connection. If the store does not respond, the server starts anyway: only links have to wait.
  await orFallback(createStore(redisUrl).isTaken('start'), false)
}
