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
import { isFirstTime } from '../store/is-first-time'
import type { Store } from '../store/store-contract'
import type { Events } from './emit-event'

/** How long a link that was reported is remembered, in seconds, so that it is emitted once: a day. */
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

/** The services for emitting an event that the Action reported. */
export interface RelayServices extends Pick<Config, 'eventsIncludeEmail'> {
  store: Store
  events: Events
  /** Makes a client of the Management API that uses the service's own token. */
  managementApi(): Pick<ManagementApi, 'getUser'>
}

/**
 * Emits an event for a link that the Action made, once. Then ends, for up to 25 s, the sessions and refresh tokens from before the
 * link that the Action had no time to end.
 *
 * @param event - As the Action sent it.
 * @param goOnEnding - Ends the sessions and refresh tokens that the account's `app_metadata` still lists.
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
  if (!(await isFirstTime(store, reportKey(event), ACTION_EVENT_SECONDS))) return
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

/** The key in the store for the report of a link. */
const reportKey = ({ timestamp, data }: ActionEvent): string =>
  `action_event:${fingerprint(JSON.stringify([data.primary_user_id, data.secondary_user_id, timestamp]))}`

/**
 * The account as it is now. Undefined if it cannot be read: the event then has no email addresses, and a later login ends the
 * sessions that are still open.
 */
async function accountOf({ managementApi }: RelayServices, userId: string): Promise<Account | undefined> {
  try {
    return await managementApi().getUser(userId)
  } catch {
    return undefined
  }
}
