/**
 * Several stages work through one list of tasks at the same time, because a schedule spends much of its time waiting.
 * @module
 */
import { makeWorlds, type Worlds } from './play'
import { Stage } from './stage'

/** Runs work for every task in order, each on a stage that no other task uses at the same time. */
export async function inLanes<Task>(
  lanes: number,
  tasks: Iterable<Task>,
  work: (task: Task, stage: Stage, worlds: Worlds) => Promise<void>,
): Promise<void> {
  const left = tasks[Symbol.iterator]()
  const lane = async () => {
    const stage = await Stage.start()
    try {
      const worlds = await makeWorlds(stage)
      for (let next = left.next(); !next.done; next = left.next()) await work(next.value, stage, worlds)
    } finally {
      await stage.close()
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
