/**
 * Whether links are offered now. That depends on `OFFER` in the environment, and on a switch in the store that all instances
 * share.
 * @module
 */
import 'server-only'
import { memoizeFor } from '../store/memoize-for'
import { fallBackIfStoreDown } from '../store/or-fallback'
import type { Services } from './services'

/** The key of the switch in the store. `npm run offer` sets it. Without a value, the switch is on. */
const SWITCH_KEY = 'switch:offer'
const SWITCHED_OFF = 'off'
/** How long the switch's position is cached, in milliseconds. */
const SWITCH_CACHE_MS = 1_000

/** How long the store keeps the position `off`, in seconds: ten years. */
const SWITCH_SECONDS = 10 * 365 * 86_400

/**
 * Turns the switch, for all processes that share the store.
 *
 * @throws {LinkingError} `store_unavailable`
 */
export const turnOffers = ({ store }: Pick<Services, 'store'>, isOn: boolean): Promise<void> =>
  isOn ? store.delete(SWITCH_KEY) : store.set(SWITCH_KEY, SWITCHED_OFF, SWITCH_SECONDS)

/**
 * Whether links are offered. A change of the switch takes effect within a second. While the store is down, the last known
 * position counts; no link can be made then anyway.
 */
export async function isOffering(
  services: Pick<Services, 'isOfferOn' | 'redisUrl' | 'store'>,
): Promise<boolean> {
  const { isOfferOn, redisUrl } = services
  // Without Redis there is no switch: `npm run offer` could not reach this process.
  if (!isOfferOn || redisUrl === undefined) return isOfferOn
  return memoizeFor('offer-switch', SWITCH_CACHE_MS, (before) => readSwitch(services, before))
}

/**
 * Whether the switch is on. Reads the store each time, so that an operator who has just turned the switch sees the change.
 * True if the store is down.
 */
export const isSwitchedOn = (services: Pick<Services, 'store'>): Promise<boolean> => readSwitch(services)

async function readSwitch(
  services: Pick<Services, 'store'>,
  before: Promise<boolean> = Promise.resolve(true),
): Promise<boolean> {
  const answered = await fallBackIfStoreDown(
    services.store.get(SWITCH_KEY).then((value) => ({ isOn: value !== SWITCHED_OFF })),
    undefined,
  )
  return answered ? answered.isOn : before
}
