/**
 * The services for the commands that change accounts: those of the page "Sign-in methods", except that API calls keep to a
 * share of the tenant's rate limit, and that snapshots and events name an operator as the one who made a change.
 * @module
 */
import { ManagementApi } from '../../../lib/auth0/management-api'
import type { RequestPacer } from '../../../lib/auth0/pace'
import type { Config } from '../../../lib/config/config'
import { enableRedisJobs } from '../../../lib/jobs/library'
import { sendMailsWith } from '../../../lib/mail/library'
import { accountWork } from '../../../lib/sign-in-methods/account-work'
import { toOperatorProof } from '../../../lib/sign-in-methods/link-proof'
import { PAIR_BUDGET_MS, PAIR_LOCK_SECONDS } from '../../../lib/sign-in-methods/operator/link-pair'
import { createSignInServices, type SignInServices } from '../../../lib/sign-in-methods/services'
import { readEnvironment } from '../../shared/environment'
import { DuplicatesError } from '../error'
import { configIn } from '../settings'

/**
 * Reads the service's environment.
 *
 * @param file - If given, read instead of `.env.local` and similar files.
 * @throws {DuplicatesError} `environment_unusable`
 */
export function readConfig(file: string | undefined): Config {
  const config = configIn(readEnvironment(process.cwd(), file))
  if (config.linkingAuthority === 'user')
    throw new DuplicatesError('environment_unusable', 'With LINKING_AUTHORITY=user no command may write.')
  return config
}

/**
 * Makes the services. With `REDIS_URL`, the command and the service respect each other's locks on accounts, and events and
 * mails that cannot be delivered now are stored in Redis as background work.
 *
 * @param pace - Its `send` makes the API calls, within the share of the rate limit.
 */
export function operatorServices(config: Config, pace: Pick<RequestPacer, 'send'>): SignInServices {
  const services = createSignInServices(config, async (all) => accountWork(all))
  if (config.redisUrl !== undefined) enableRedisJobs(() => import('bullmq'))
  sendMailsWith(() => import('nodemailer'))
  return {
    ...services,
    linkProof: toOperatorProof(config),
    lockSeconds: PAIR_LOCK_SECONDS,
    managementApi: (authority = services.authorities.server(), beforeCall) =>
      new ManagementApi(authority, beforeCall, { budgetMs: PAIR_BUDGET_MS, send: pace.send }),
  }
}

/** Returns the same services, and a function that says how many API calls were made through them. */
export function counted(services: SignInServices): { services: SignInServices; calls: () => number } {
  let calls = 0
  const count = async () => {
    calls += 1
  }
  return {
    services: { ...services, managementApi: (authority) => services.managementApi(authority, count) },
    calls: () => calls,
  }
}
