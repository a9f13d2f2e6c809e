/**
 * `GET` and `POST /tasks/drain`: does background work, for hosts whose processes end with the response. A cron job calls this
 * route with a bearer token. It sends no `Origin`, so there is no check of the origin.
 *
 * @see docs/operate.md#background-work
 * @module
 */

import { loadBullmq } from '@/app/_library'
import { linkFlowServices } from '@/app/_services'
import { LinkingError } from '@/core/errors'
import { config } from '@/lib/config/config'
import { bearsToken } from '@/lib/http/bears-token'
import { plainHeaders } from '@/lib/http/headers'
import { drainQueue } from '@/lib/jobs/drain'
import { withLock } from '@/lib/store/with-lock'

/** Longest run of the serverless function, in seconds. `vercel.json` has the same number. */
export const maxDuration = 60
export const dynamic = 'force-dynamic'

/** Seconds before `maxDuration` at which the drain stops taking jobs: one attempt takes fifteen at most, which leaves five spare. */
const RESERVE_SECONDS = 20

async function answer(request: Request): Promise<Response> {
  const endAt = Date.now() + (maxDuration - RESERVE_SECONDS) * 1000
  const settings = config()
  if (!bearsToken(request, ...settings.tasksSecrets)) return json(404, { error: 'not_found' })
  const { redisUrl } = settings
  if (redisUrl === undefined) return json(503, { error: 'needs REDIS_URL' })
  try {
    const drained = await withLock(
      linkFlowServices().store,
      'jobs-drain',
      { ttl: maxDuration, wait: 0 },
      async () => drainQueue(await loadBullmq(), linkFlowServices().jobs, redisUrl, endAt),
    )
    return json(200, drained.isBusy ? { busy: true } : { busy: false, ...drained.result })
  } catch (error) {
    if (error instanceof LinkingError) return json(503, { error: error.code })
    throw error
  }
}

const notFound = async () => json(404, { error: 'not_found' })

const json = (status: number, body: Record<string, unknown>): Response =>
  Response.json(body, { status, headers: plainHeaders(linkFlowServices()) })

export {
  answer as GET,
  answer as POST,
  notFound as DELETE,
  notFound as HEAD,
  notFound as OPTIONS,
  notFound as PATCH,
  notFound as PUT,
}
