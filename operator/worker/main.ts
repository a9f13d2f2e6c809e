/**
 * `npm run worker`: a process that does background work and nothing else.
 * @module
 */
import { once } from 'node:events'
import { parseConfig, problemsInWords } from '../../lib/config/config'
import { enableRedisJobs } from '../../lib/jobs/library'
import { startWorker } from '../../lib/jobs/worker'
import { sendMailsWith } from '../../lib/mail/library'
import { logEvent } from '../../lib/observability/log'
import { createWorkServices } from '../../lib/sign-in-methods/account-work'
import { readEnvironment } from '../shared/environment'

/**
 * Runs the command until SIGINT or SIGTERM. Jobs under way are finished then.
 *
 * @returns The exit status: 1 if the environment is unusable or has no `REDIS_URL`.
 */
export async function main(): Promise<number> {
  const parsed = parseConfig(readEnvironment(process.cwd(), undefined))
  if ('problems' in parsed) return refuse(problemsInWords(parsed.problems))
  const { redisUrl } = parsed.config
  if (redisUrl === undefined)
    return refuse('npm run worker needs REDIS_URL: without it each process does its own background work.')
  // This process also links pairs. If an event about such a link cannot be sent, it is stored in Redis and sent later.
  enableRedisJobs(() => import('bullmq'))
  sendMailsWith(() => import('nodemailer'))
  const running = startWorker(await import('bullmq'), createWorkServices(parsed.config), redisUrl)
  await Promise.all(running.workers.map((worker) => worker.waitUntilReady()))
  logEvent('worker_started')
  await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)))
  await running.close()
  return 0
}

function refuse(reason: string): number {
  console.error(reason)
  return 1
}
