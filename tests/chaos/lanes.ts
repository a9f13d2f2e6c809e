/**
 * Several stages that work on one list of tasks: much of a schedule is waiting.
 * @module
 */
import { makeWorlds, type Worlds } from './play'
import { Stage } from './stage'

/** Does work for every task, in order, each on a stage that nobody else uses meanwhile. */
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
