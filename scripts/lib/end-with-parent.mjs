/**
 * Calls `end` once and then exits, if the process receives a signal or the npm that started it is gone: npm does not
 * pass every signal on, and on Windows none.
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
  // Without npm, a shell that has ended may have started it in the background.
  if (process.env.npm_lifecycle_event)
    setInterval(() => {
      if (process.ppid !== parent) finish()
    }, 1000).unref()
}
