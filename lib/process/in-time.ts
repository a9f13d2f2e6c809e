import 'server-only'

/**
 * The result of a promise, if it arrives in time. The work goes on if it does not.
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
