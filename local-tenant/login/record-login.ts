import type { Context } from 'hono'
import type { StoredUser } from '../model'
import type { TenantEnv } from '../tenant-env'
import { remoteAddress, type TenantParts } from '../tenant-parts'

/**
 * Records a login in the user's profile, and sends the event `user.updated`.
 *
 * @param parts - The tenant, for its clock.
 * @param context - The request that logs in, for its IP address.
 * @param user - Changed in place: `logins_count`, `last_login`, `last_ip`.
 */
export function recordLogin({ state }: TenantParts, context: Context<TenantEnv>, user: StoredUser): void {
  user.logins_count += 1
  user.last_login = new Date(state.now()).toISOString()
  user.last_ip = remoteAddress(context)
  state.publish('user.updated', user)
}
