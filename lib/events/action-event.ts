/**
 * Links that the Action made: it reports each one to us, and we emit it like any other event.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { splitUserId } from '../../core'
import type { Account } from '../auth0/account'
import type { ManagementApi } from '../auth0/management-api'
import type { Config } from '../config/config'
import { fingerprint } from '../observability/log'
import { orFallback } from '../store/or-fallback'
import type { Store } from '../store/store-contract'
import type { Events } from './emit-event'

/** How long an event is remembered, in seconds: a day. */
const ACTION_EVENT_SECONDS = 86_400

const UserId = z.string().refine((value) => splitUserId(value) !== undefined)

/** What the Action sends for each link, see `action/report.ts`. */
export const ActionEvent = z.object({
  type: z.literal('account.linked'),
  timestamp: z.iso.datetime(),
  data: z.object({
    primary_user_id: UserId,
    secondary_user_id: UserId,
    connection: z.string(),
    client_id: z.string(),
    client_name: z.string().optional(),
    /** Languages that the login asked for: space separated, best first. */
    ui_locales: z.string().optional(),
  }),
})

/** A link, as the Action reports it. */
export type ActionEvent = z.infer<typeof ActionEvent>

/** What relaying a link needs. */
export interface RelayServices extends Pick<Config, 'eventsIncludeEmail'> {
  store: Store
  events: Events
  /** Makes a client of the Management API with our own authority. */
  managementApi(): Pick<ManagementApi, 'getUser'>
}

/**
 * Emits an event for a link that the Action made, once. Then continues, for up to 25 s, to end what was open before the link, if the
 * Action had no time for all of it.
 *
 * @param event - As the Action sent it.
 * @param goOnEnding - Ends what the account's `ending` note names.
 */
export async function relayActionEvent(
  services: RelayServices,
  event: ActionEvent,
  goOnEnding: (account: Account) => Promise<unknown>,
): Promise<void> {
  const read = () => accountOf(services, event.data.primary_user_id)
  const told = services.eventsIncludeEmail ? await read() : undefined
  await emitOnce(services, event, told)
  const account = told ?? (await read())
  if (account) await goOnEnding(account)
}

async function emitOnce(
  { store, events }: RelayServices,
  event: ActionEvent,
  account: Account | undefined,
): Promise<void> {
  if (!(await isFirst(store, event))) return
  const {
    primary_user_id: userId,
    secondary_user_id: otherId,
    connection,
    client_id,
    client_name,
    ui_locales,
  } = event.data
  const identity = account?.identities.find(({ user_id }) => user_id === otherId)
  events.emit({
    type: 'account.linked',
    userId,
    email: account?.email,
    other: { userId: otherId, connection, email: identity?.profile.email },
    way: 'login',
    clientId: client_id,
    clientName: client_name,
    language: ui_locales,
  })
}

/** While the store does not answer, or is full, an event may be emitted twice rather than not at all. */
async function isFirst(store: Store, { timestamp, data }: ActionEvent): Promise<boolean> {
  const link = JSON.stringify([data.primary_user_id, data.secondary_user_id, timestamp])
  const key = `action_event:${fingerprint(link)}`
  if (await orFallback(store.take(key, ACTION_EVENT_SECONDS), true)) return true
  return !(await orFallback(store.isTaken(key), false))
}

/** The account as it is now. An event without addresses is better than none, and a later login ends what is still open. */
async function accountOf({ managementApi }: RelayServices, userId: string): Promise<Account | undefined> {
  try {
    return await managementApi().getUser(userId)
  } catch {
    return undefined
  }
}
