/**
 * Works on several groups of accounts at the same time: on as many as are needed to use the allowed rate of API calls.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { RequestPacer } from '../../../lib/auth0/pace'

/** The most groups to work on at once. */
const MOST_AT_ONCE = 32
/** How often to check whether to work on more or fewer groups at once, in milliseconds. */
const LOOK_MS = 250

/**
 * Works on groups, first on one at a time. While no API call waits for its turn, it works on more groups at once. If more
 * calls wait than groups are worked on, it works on fewer.
 *
 * @param groups - Read one by one, as they are needed.
 * @param work - Works on one group. After its first error no further group begins, and the error is thrown once the others
 *   have ended.
 * @param pace - `waiting`: how many API calls, or pairs in the queue, wait for their turn.
 * @param isStopped - Whether to begin no further group.
 */
export async function runGroups<Group>(
  groups: AsyncIterable<Group> | Iterable<Group>,
  work: (group: Group) => Promise<void>,
  pace: Pick<RequestPacer, 'waiting'>,
  isStopped: () => boolean,
): Promise<void> {
  const running = new Set<Promise<void>>()
  const failures: unknown[] = []
  let atOnce = 1
  const room = async () => {
    while (running.size >= atOnce) {
      await Promise.race([...running, sleep(LOOK_MS)])
      if (pace.waiting === 0) atOnce = Math.min(MOST_AT_ONCE, atOnce + 1)
      else if (pace.waiting > running.size) atOnce = Math.max(1, atOnce - 1)
    }
  }
  for await (const group of groups) {
    if (isStopped() || failures.length > 0) break
    const done = work(group)
      .catch((error: unknown) => {
        failures.push(error)
      })
      .finally(() => running.delete(done))
    running.add(done)
    await room()
  }
  await Promise.all(running)
  if (failures.length > 0) throw failures[0]
}
