/**
 * Whether links are offered now: a setting of the environment, and a switch in the store that all instances share.
 * @module
 */
import 'server-only'
import { memoizeFor } from '../store/memoize-for'
import { orFallback } from '../store/or-fallback'
import type { Services } from './services'

/** The key of the switch; `npm run offer` turns it. Without a value it is on. */
const SWITCH_KEY = 'switch:offer'
const SWITCHED_OFF = 'off'
/** How long its position is cached, in milliseconds. */
const SWITCH_CACHE_MS = 1_000

/**
 * Whether links are offered. A turn of the switch takes effect within a second. While the store does not answer, its last
 * position counts; no link can be made then anyway.
 */
export async function isOffering(
  services: Pick<Services, 'isOfferOn' | 'redisUrl' | 'store'>,
): Promise<boolean> {
  const { isOfferOn, redisUrl } = services
  // Without Redis no command can reach this process to turn offers off.
  if (!isOfferOn || redisUrl === undefined) return isOfferOn
  return memoizeFor('offer-switch', SWITCH_CACHE_MS, (before) => readSwitch(services, before))
}

async function readSwitch(
  services: Pick<Services, 'store'>,
  before: Promise<boolean> = Promise.resolve(true),
): Promise<boolean> {
  const answered = await orFallback(
    services.store.get(SWITCH_KEY).then((value) => ({ isOn: value !== SWITCHED_OFF })),
    undefined,
  )
  return answered ? answered.isOn : before
}
