import 'server-only'
import { randomUUID } from 'node:crypto'
import type { JobServices } from './job-kinds'
import { type PlannedJob, planJob } from './jobs'

/**
 * Plans a look at two accounts that are about to be linked, for the case that this process, or the login, ends in the middle. Call it
 * before anything is given for the link. Never throws.
 */
export const planLook = (
  services: JobServices,
  primaryId: string,
  secondaryId: string,
): Promise<PlannedJob> =>
  planJob(services, {
    name: 'link',
    id: `link_${randomUUID()}`,
    data: { primaryId, secondaryId, at: Math.floor(Date.now() / 1000) },
  })
