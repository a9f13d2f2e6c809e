/**
 * Ann, the person of all schedules: her two accounts, and checks of their invariants.
 * @module
 */
import { isDeepStrictEqual } from 'node:util'
import type { LedgerCall, WorldUser } from '../../support/flow/tenant'
import type { World } from './stage'

/** The older account, which stays the primary one. */
export const STAYS = 'auth0|ann'
/** The account that becomes part of it. */
export const ENDS = 'google-oauth2|ann-g'
export const EMAIL = 'ann@example.com'

const KINDS = ['user_metadata', 'app_metadata'] as const
type Kind = (typeof KINDS)[number]

export const userOf = ({ users }: World, id: string) => users.find(({ user_id }) => user_id === id)
const identitiesOf = (user: WorldUser | undefined) =>
  (user?.identities ?? []).map(({ provider, user_id }) => `${provider}|${user_id}`)

/** Whether the tenant has linked the two accounts. */
export const isLinked = (world: World) => identitiesOf(userOf(world, STAYS)).includes(ENDS)

/**
 * The metadata of the two accounts that is not where it belongs, by kind and name.
 *
 * @param before - The two accounts before they were linked.
 * @param now - The world to check.
 * @param isSettled - Whether everything is finished and repaired: then separate accounts hold exactly their own
 *   metadata.
 */
export function misplaced(before: World, now: World, isSettled: boolean): string[] {
  const [stays, ends] = [STAYS, ENDS].map((id) => userOf(now, id))
  return KINDS.flatMap((kind) => {
    const own = userOf(before, STAYS)?.[kind] ?? {}
    const other = userOf(before, ENDS)?.[kind] ?? {}
    const lost = Object.entries(other).filter(([key, value]) => !isKept(stays, ends, kind, key, value))
    const changed = Object.entries(own).filter(
      ([key, value]) => !isDeepStrictEqual(stays?.[kind]?.[key], value),
    )
    const surplus =
      isSettled && ends
        ? Object.keys(stays?.[kind] ?? {}).filter((key) => !isOurs(key) && !Object.hasOwn(own, key))
        : []
    return [
      ...lost.map(([key]) => `${kind}.${key} is lost`),
      ...changed.map(([key]) => `${kind}.${key} of the account that stays was changed`),
      ...surplus.map((key) => `${kind}.${key} stayed behind`),
    ]
  })
}

const isOurs = (key: string) => key === 'account_linking' || key.startsWith('account_linking_')

/** Whether a value is on its own account, carried over, in a snapshot, or in withheld metadata. */
function isKept(
  stays: WorldUser | undefined,
  ends: WorldUser | undefined,
  kind: Kind,
  key: string,
  value: unknown,
): boolean {
  const kept = Object.entries(stays?.app_metadata ?? {})
    .filter(([name]) => name.startsWith('account_linking_'))
    .flatMap(([, entry]) => [entry, (entry as { kept?: object }).kept])
  const places = [ends, stays, ...kept] as (Partial<Record<Kind, Record<string, unknown>>> | undefined)[]
  return places.some((place) => isDeepStrictEqual(place?.[kind]?.[key], value))
}

/**
 * The unsettled snapshots: those of a link that was never made or no longer exists, or of an unlink that has not
 * finished.
 */
export function unsettled(world: World): string[] {
  return world.users.flatMap((user) =>
    Object.entries(user.app_metadata ?? {}).flatMap(([key, entry]) => {
      if (!/^account_linking_[0-9a-f]{12}$/.test(key)) return []
      const { user_id, returning } = entry as { user_id: string; returning?: object }
      const isOpen = returning !== undefined || !identitiesOf(user).includes(user_id)
      return isOpen ? [`${key} of ${user.user_id} ${returning ? 'still returns' : 'is of no link'}`] : []
    }),
  )
}

const isLink = ({ method, path }: LedgerCall) => method === 'POST' && path.endsWith('/identities')
/** Whether the tenant refused the call, so that it certainly changed nothing. */
const isRefused = ({ status }: LedgerCall) => status >= 400 && status < 500 && status !== 409

/** Links of other accounts than hers, and links that were tried again without a check of the first try's result. */
export function wrongLinks(ledger: LedgerCall[]): string[] {
  const wrong: string[] = []
  let isUnknown = false
  for (const call of ledger) {
    const path = decodeURIComponent(call.path)
    if (call.method === 'GET' && /^\/api\/v2\/users(-by-email|\/)/.test(path)) isUnknown = false
    if (!isLink(call)) continue
    if (isUnknown) wrong.push(`call ${call.n}: a link was tried again without a read`)
    isUnknown = !isRefused(call)
    const { provider, user_id } = (call.body ?? {}) as { provider?: string; user_id?: string }
    if (path !== `/api/v2/users/${STAYS}/identities` || `${provider}|${user_id}` !== ENDS)
      wrong.push(`call ${call.n}: ${path} was linked with ${provider}|${user_id}`)
  }
  return wrong
}

/** The number of calls with an effect. */
export const countOf = (ledger: LedgerCall[], effect: 'link' | 'unlink') =>
  ledger.filter((call) => call.effect === effect).length
