/**
 * Working on many pairs at a time: as many as the pace has use for.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { RequestPacer } from '../../../lib/auth0/pace'

/** Groups that are worked on at once, at most. */
const MOST_AT_ONCE = 32
/** How often it is looked whether more would help, in milliseconds. */
const LOOK_MS = 250

/**
 * Works on groups, each after the other in one of several lanes. While no call waits for its turn, another lane is added; if calls of
 * every lane wait, one is taken away.
 *
 * @param groups - Read as they are needed.
 * @param work - Its first error ends the rest, once the groups at hand are done, and is thrown.
 * @param isStopped - Whether no other group is to be begun.
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
