/**
 * A person's sign-in methods as the API returns them, still without their labels.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import type { Account } from '../../auth0/account'
import { accountOrNone } from '../../auth0/account-or-none'
import type { ManagementApi } from '../../auth0/management-api'
import { fingerprint } from '../../observability/log'
import { type CacheServices, cached } from '../../store/cached'
import { linkedSnapshots } from '../snapshots'
import { ApiRefusal } from './refusal'

/** How long the sign-in methods of an account are cached, in seconds. */
const ACCOUNT_CACHE_SECONDS = 30

const Method = z.object({
  provider: z.string(),
  connection: z.string(),
  primary: z.boolean(),
  /** Seconds since the epoch; null if there is no snapshot that dates the link. */
  linkedAt: z.number().nullable(),
})
/** One sign-in method. */
export type Method = z.infer<typeof Method>

/** `methods` is null if the account is gone or blocked. */
const Methods = z.object({ methods: z.array(Method).nullable() })

/**
 * The sign-in methods of an account, the primary one first. All instances that share a store also share a cache of 30 s.
 *
 * @param api - With the service's own token.
 * @param subject - User id, from a verified token.
 * @throws {ApiRefusal} `account_gone` if the account is blocked or does not exist. It may have become part of another
 *   account.
 * @throws {ManagementApiError} If the account cannot be read.
 */
export async function methodsOf(
  services: CacheServices,
  api: Pick<ManagementApi, 'getUser'>,
  subject: string,
): Promise<Method[]> {
  const key = `api-methods:${fingerprint(subject)}`
  const { methods } = await cached(services, key, ACCOUNT_CACHE_SECONDS, Methods, async () => {
    const account = await accountOrNone(api, subject)
    return { methods: account && !account.blocked ? await toMethods(account) : null }
  })
  if (!methods) throw new ApiRefusal('account_gone')
  return methods
}

async function toMethods(account: Account): Promise<Method[]> {
  const snapshots = await linkedSnapshots(account)
  return account.identities.map(({ user_id, provider, connection }, index) => ({
    provider,
    connection,
    primary: index === 0,
    linkedAt: snapshots.find(({ snapshot }) => snapshot.user_id === user_id)?.snapshot.at ?? null,
  }))
}
