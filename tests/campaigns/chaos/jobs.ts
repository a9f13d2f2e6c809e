/**
 * Runs the background jobs in a stage's Redis at once, and waits until they are done.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '@redis/client'
import { Queue } from 'bullmq'
import { WORK_QUEUE } from '@/lib/jobs/queue'

/** How often jobs that are not done yet are made due again. */
const MAX_ROUNDS = 6
/** Longest wait for the jobs of one round, in milliseconds. */
const ROUND_MS = 15_000

const connect = (url: string) => createClient({ url })

/** Access to the job queue in a stage's Redis. */
export class StageJobs {
  private constructor(
    private readonly queue: Queue,
    private readonly connection: ReturnType<typeof connect>,
  ) {}

  static async open(url: string): Promise<StageJobs> {
    const connection = connect(url)
    // A schedule may kill Redis and start it again, so errors of the connection are expected.
    connection.on('error', () => undefined)
    const queue = new Queue(WORK_QUEUE.name, {
      connection,
      prefix: WORK_QUEUE.prefix,
      skipVersionCheck: true,
    })
    queue.on('error', () => undefined)
    await queue.waitUntilReady()
    return new StageJobs(queue, connection)
  }

  /** Deletes every job. */
  forget = () => this.queue.obliterate({ force: true })

  /** Deletes all keys except those of jobs. Otherwise a lock of a killed process would stay, and disturb later steps. */
  async emptyButJobs(): Promise<void> {
    const keys = (await this.connection.keys('*')).filter((key) => !key.startsWith(WORK_QUEUE.prefix))
    if (keys.length > 0) await this.connection.del(keys)
  }

  /**
   * Makes all jobs due at once. Repeats that for jobs that were put off, up to {@link MAX_ROUNDS} times.
   *
   * @returns Whether all of them were done in time.
   */
  async doAll(): Promise<boolean> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const jobs = await this.queue.getDelayed()
      await Promise.all(jobs.map((job) => job.promote().catch(() => undefined)))
      if (!(await this.#untilQuiet())) return false
      if ((await this.queue.getDelayedCount()) === 0) return true
    }
    return false
  }

  async #untilQuiet(): Promise<boolean> {
    const until = Date.now() + ROUND_MS
    while (Date.now() < until) {
      const { waiting = 0, active = 0 } = await this.queue.getJobCounts('waiting', 'active')
      if (waiting + active === 0) return true
      await sleep(20)
    }
    return false
  }

  async close(): Promise<void> {
    await this.queue.close()
    if (this.connection.isOpen) this.connection.destroy()
  }
}
