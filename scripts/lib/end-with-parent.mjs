/**
 * Calls `end` once and then exits, if this process receives a signal or if the npm process that started it is gone. The
 * second condition is needed because npm does not pass on every signal, and on Windows none.
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
  // Without npm, the parent may be a shell that started this process in the background and has ended.
  if (process.env.npm_lifecycle_event)
    setInterval(() => {
      if (process.ppid !== parent) finish()
    }, 1000).unref()
}
