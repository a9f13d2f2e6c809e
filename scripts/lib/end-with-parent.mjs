/**
 * Calls `end` once and then exits, when the process is asked to end or when the npm that started it is gone: npm does
 * not hand every signal on, and on Windows none.
 *
 * @param {() => Promise<void>} end - Ends everything that was started.
 */
export function endWithParent(end) {
  let isEnding = false
  const finish = async () => {
    if (isEnding) return
    isEnding = true
    await end()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, finish)
  const parent = process.ppid
  // Started without npm, it may well have been put in the background by a shell that is done.
  if (process.env.npm_lifecycle_event)
    setInterval(() => {
      if (process.ppid !== parent) finish()
    }, 1000).unref()
}
