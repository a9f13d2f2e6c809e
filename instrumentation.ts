/** Runs once when the server starts: a process with an unusable environment refuses to serve at all. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  const { checkAtStart } = await import('./lib/config/check-at-start')
  checkAtStart()
}
