import 'server-only'
import { randomUUID } from 'node:crypto'
import type { JobServices } from './job-kinds'
import { type PlannedJob, planJob } from './jobs'

/**
 * Plans a check of two accounts that are about to be linked, in case this process or the login stops in the middle. Call this before
 * the primary account gets rights (roles, permissions, memberships) for the link. Never throws.
 */
export const scheduleLinkCheck = (
  services: JobServices,
  primaryId: string,
  secondaryId: string,
): Promise<PlannedJob> =>
  planJob(services, {
    name: 'link',
    id: `link_${randomUUID()}`,
    data: { primaryId, secondaryId, at: Math.floor(Date.now() / 1000) },
  })
