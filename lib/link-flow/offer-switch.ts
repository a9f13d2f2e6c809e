/**
 * Whether links are offered at present: a setting of the environment, and a switch in the store that all instances share.
 * @module
 */
import 'server-only'
import { config } from '../config/config'
import { memoizeFor } from '../store/memoize-for'
import { orFallback } from '../store/or-fallback'
import { store } from '../store/store'

/** The switch; `npm run offer` turns it. Without a value it is on. */
const SWITCH_KEY = 'switch:offer'
const SWITCHED_OFF = 'off'
/** How long what it said is kept, in milliseconds. */
const SWITCH_CACHE_MS = 1_000

/**
 * Whether links are offered. A switch that was turned is seen within a second. While the store does not answer, what it
 * said last counts; then no link can be made anyway.
 */
export async function isOffering(): Promise<boolean> {
  const { isOfferOn, redisUrl } = config()
  // A switch in the memory of this process nobody could turn.
  if (!isOfferOn || redisUrl === undefined) return isOfferOn
  return memoizeFor('offer-switch', SWITCH_CACHE_MS, readSwitch)
}

async function readSwitch(before: Promise<boolean> = Promise.resolve(true)): Promise<boolean> {
  const answered = await orFallback(
    store()
      .get(SWITCH_KEY)
      .then((value) => ({ isOn: value !== SWITCHED_OFF })),
    undefined,
  )
  return answered ? answered.isOn : before
}
