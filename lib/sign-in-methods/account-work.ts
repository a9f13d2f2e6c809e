/**
 * The background jobs on accounts: checking started links, ending sessions, reacting to links and unlinks that others made,
 * and linking pairs that an operator approved.
 * @module
 */
import 'server-only'
import type { Config } from '../config/config'
import type { AccountWork } from '../jobs/account-work'
import type { JobServices } from '../jobs/job-kinds'
import { createServices, type Services } from '../link-flow/services'
import { toAccountServices } from './account-services'
import { resumeEnding } from './end-sessions/resume-ending'
import { followForeignChange } from './foreign/follow-change'
import { linkPairAsJob } from './operator/link-pair'
import { settleLink } from './repair/settle-link'

/** The handlers of the background jobs on accounts. */
export function accountWork(services: Services): AccountWork {
  const all = toAccountServices(services)
  return {
    settleLink: (link) => settleLink(all, link),
    goOnEnding: (ending, isFirst) => resumeEnding(all, ending, isFirst),
    followForeignChange: (change) => followForeignChange(all, change),
    linkPair: (pair) => linkPairAsJob(services, pair),
  }
}

/** Makes the services of a process that runs the jobs of the queue. Opens no connection. */
export const createWorkServices = (settings: Config): JobServices =>
  createServices(settings, async (services) => accountWork(services)).jobs
