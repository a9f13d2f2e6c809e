/**
 * Finds out from an event of the tenant whether the identities of an account may have changed. Every login and every change
 * of metadata sends an event, so this makes no API calls: it compares the event with what the store remembers of the
 * account.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { splitUserId } from '../../../core'
import { type Account, parseAccount } from '../../auth0/account'
import type { ForeignChange } from '../../jobs/account-work'
import type { Services } from '../../link-flow/services'
import { fingerprint, logEvent } from '../../observability/log'
import { readSnapshots } from '../snapshots'
import type { TenantEvent } from './tenant-event'

/** How long the identities of a linked account are remembered, in seconds: 30 days. */
const KNOWN_SECONDS = 30 * 86_400
/** How long we remember one of the two events of a link until the other one arrives, in seconds: an hour. */
const WAIT_SECONDS = 3_600
/** How long after the time in its snapshot a link may be under way, in seconds. A login takes up to 20 s to link. */
const MAY_BE_UNDER_WAY_SECONDS = 60

/** How many linked identities of an account we check at most. Each new one costs calls of the store. */
const MAX_IDENTITIES = 100

type NoticeServices = Pick<Services, 'store' | 'sealer'>

/** What an event tells about accounts. */
export interface Noticed {
  /** The accounts whose identities may have changed, to be read again; at most one for most events. */
  changes: ForeignChange[]
  /** Remembers the identities that the event shows. Call it once the changes are stored as jobs. */
  remember(): Promise<void>
}

const NOTHING: Noticed = { changes: [], remember: async () => undefined }

const UserIds = z.array(z.string())
const DeletedUser = z.object({ user_id: z.string().refine((id) => splitUserId(id) !== undefined) })

/**
 * Finds out which accounts may have got or lost an identity. The two events of a link, `user.deleted` of the secondary
 * account and `user.updated` of the primary one, may come in any order and more than once.
 *
 * @throws {LinkingError} `store_unavailable`
 */
export async function noticeChange(services: NoticeServices, event: TenantEvent): Promise<Noticed> {
  const { type, user } = event
  const account = parseAccount(user)
  if (type === 'user.updated' && account?.identities.length) return afterUpdate(services, account, event.at)
  const { data: deleted } = DeletedUser.safeParse(user)
  if (type === 'user.deleted' && deleted) {
    const ids = [
      deleted.user_id,
      ...(account?.identities ?? []).slice(0, MAX_IDENTITIES).map(({ user_id }) => user_id),
    ]
    return afterDeletion(services, [...new Set(ids)], event.at)
  }
  logEvent('auth0_event_unreadable', { type })
  return NOTHING
}

/**
 * Handles `user.updated`: compares the account's identities with those that the store remembers, and with its snapshots. If
 * the store remembers none, an identity without a snapshot counts as new only if a `user.deleted` event reported its former
 * account: otherwise it may have been linked years ago.
 */
async function afterUpdate(services: NoticeServices, account: Account, at: number): Promise<Noticed> {
  const accountId = account.user_id
  const held = account.identities.slice(1, MAX_IDENTITIES + 1).map(({ user_id }) => user_id)
  const known = await knownIdentities(services, accountId)
  if (known && isSameSet(known, held)) return NOTHING

  const snapshots = (await readSnapshots(account)).map(({ snapshot }) => snapshot)
  const snapshotOf = (id: string) => snapshots.find(({ user_id }) => user_id === id)
  const identities: ForeignChange['identities'] = []
  for (const id of held.filter((id) => !known?.includes(id) && !snapshotOf(id)))
    if (known || (await isDeleted(services, id, accountId))) identities.push({ id, wasHeld: false })
  for (const id of (known ?? []).filter((id) => !held.includes(id) && !snapshotOf(id)?.returning))
    identities.push({ id, wasHeld: true })
  const isMissing = ({ user_id, at: linkedAt, returning }: (typeof snapshots)[number]) =>
    !returning && !held.includes(user_id) && linkedAt < at - MAY_BE_UNDER_WAY_SECONDS
  const missing = known ? [] : snapshots.filter(isMissing)
  identities.push(...missing.map(({ user_id: id }) => ({ id, wasHeld: false })))

  // Most accounts have one identity. We remember nothing about these.
  if (!known && held.length === 0 && missing.length === 0) return NOTHING
  return {
    changes: identities.length > 0 ? [{ accountId, at, identities }] : [],
    remember: () => remember(services, accountId, held),
  }
}

/** Handles `user.deleted`, which the tenant also sends after a link: finds the accounts that have its identities now. */
async function afterDeletion({ store, sealer }: NoticeServices, ids: string[], at: number): Promise<Noticed> {
  const changes = new Map<string, ForeignChange>()
  for (const id of ids) {
    // Write first, then read: then at least one of two events that are handled at the same time sees the other.
    await store.set(goneKey(id), '1', WAIT_SECONDS)
    const sealed = await store.get(holderKey(id))
    const accountId = sealed && (await sealer.unseal(holderKey(id), sealed))
    if (typeof accountId !== 'string') continue
    const change = changes.get(accountId) ?? { accountId, at, identities: [] }
    change.identities.push({ id, wasHeld: false })
    changes.set(accountId, change)
  }
  return { changes: [...changes.values()], remember: async () => undefined }
}

/**
 * Whether a `user.deleted` event reported the former account of an identity. First stores which account has the identity
 * now, so that a later event of that kind finds it.
 */
async function isDeleted({ store, sealer }: NoticeServices, id: string, holder: string): Promise<boolean> {
  const sealed = await sealer.seal(holderKey(id), holder, Date.now() / 1000 + WAIT_SECONDS)
  await store.set(holderKey(id), sealed, WAIT_SECONDS)
  return (await store.get(goneKey(id))) !== undefined
}

/** The linked identities that an account had at its last event; undefined if we remember none. */
async function knownIdentities({ store, sealer }: NoticeServices, id: string): Promise<string[] | undefined> {
  const sealed = await store.get(knownKey(id))
  return sealed === undefined ? undefined : UserIds.safeParse(await sealer.unseal(knownKey(id), sealed)).data
}

async function remember({ store, sealer }: NoticeServices, id: string, held: string[]): Promise<void> {
  const sealed = await sealer.seal(knownKey(id), held, Date.now() / 1000 + KNOWN_SECONDS)
  await store.set(knownKey(id), sealed, KNOWN_SECONDS)
}

const knownKey = (accountId: string) => `identities:${fingerprint(accountId)}`
const goneKey = (identityId: string) => `deleted:${fingerprint(identityId)}`
const holderKey = (identityId: string) => `held_by:${fingerprint(identityId)}`

const isSameSet = (one: string[], other: string[]): boolean =>
  one.length === other.length && one.every((id) => other.includes(id))
