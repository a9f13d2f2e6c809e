/**
 * Whether links are offered at present: a setting of the environment, and a switch in the store that all instances share.
 * @module
 */
import 'server-only'
import { config } from './config'
import { processMemory } from './store/process-memory'
import { store } from './store/store'
import { unlessUnavailable } from './store/unless-unavailable'

/** The switch; `npm run offer` turns it. Without a value it is on. */
const KEY = 'switch:offer'
const OFF = 'off'
/** How long what it said is kept, in milliseconds. */
const KEPT = 1_000

interface Known {
  /** On the clock of `performance`. */
  until: number
  isOn: Promise<boolean>
}

const known = () => processMemory<{ last?: Known }>('offer-switch', () => ({}))

/**
 * Whether links are offered. A switch that was turned is seen within a second. While the store does not answer, what it
 * said last counts; then no link can be made anyway.
 */
export async function isOffering(): Promise<boolean> {
  const { isOfferOn, redisUrl } = config()
  // A switch in the memory of this process nobody could turn.
  if (!isOfferOn || redisUrl === undefined) return isOfferOn
  const memory = known()
  const now = performance.now()
  if (!memory.last || memory.last.until <= now)
    memory.last = { until: now + KEPT, isOn: readSwitch(memory.last?.isOn) }
  return memory.last.isOn
}

async function readSwitch(before: Promise<boolean> = Promise.resolve(true)): Promise<boolean> {
  const answered = await unlessUnavailable(
    store()
      .get(KEY)
      .then((value) => ({ isOn: value !== OFF })),
    undefined,
  )
  return answered ? answered.isOn : before
}
