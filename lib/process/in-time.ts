import 'server-only'

/**
 * Waits for the result of some work, for a limited time. After that time the work goes on, but its result is ignored.
 *
 * @param milliseconds - Longest wait.
 * @throws {Error} With the code `ETIMEDOUT` if the time is over; otherwise what the work throws.
 */
export function inTime<Result>(work: Promise<Result>, milliseconds: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' }))
    // Do not fail at once: in a busy process the reply may have arrived but may not have been read yet.
    const timer = setTimeout(() => setImmediate(fail), milliseconds)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
