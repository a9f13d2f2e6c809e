/**
 * Plays every fault by itself, at every place where it can happen. The rows `X01` and so on are in docs/assurance/chaos.md.
 * @module
 */
import { isLinked } from './ann'
import type { Effect } from './effects'
import { inLanes } from './lanes'
import { Person } from './person'
import { play, type Worlds } from './play'
import { format, type Goal, type Move, type Schedule } from './schedule'
import { isServerCall, type Stage } from './stage'

/** Calls that a lasting fault covers: more than any flow makes. */
const LASTING_CALLS = 120

/** A kind of fault, and how to play it. */
interface Row {
  id: string
  /** Effects for one call of a server, each in turn. */
  calls?: Effect[]
  /** Moves for one page, each in turn. */
  moves?: Move[]
  /** Whether it lasts from there on. */
  isLasting?: boolean
  /** Which goals are reached in spite of it, if the call is the first write or a later one. */
  overcome?: 'all' | 'links'
}

const ROWS: Row[] = [
  { id: 'X01', calls: ['limited', 'limited-1s'], overcome: 'links' },
  { id: 'X02', calls: ['limited-1min'], isLasting: true },
  { id: 'X03', calls: ['failed-before', 'reset-before'], overcome: 'links' },
  { id: 'X04', calls: ['failed-before', 'reset-before'], isLasting: true },
  { id: 'X05', calls: ['timeout-after', 'failed-after', 'reset-after'], overcome: 'all' },
  { id: 'X06', calls: ['failed-after', 'reset-after'], isLasting: true },
  { id: 'X08', calls: ['html', 'html-after', 'nothing', 'nothing-after', 'no-content-after', 'truncated'] },
  { id: 'X09', calls: ['conflict'] },
  { id: 'X10', calls: ['not-found'] },
  { id: 'X12', calls: ['unauthorized'], overcome: 'all' },
  { id: 'X12', calls: ['unauthorized'], isLasting: true },
  { id: 'X13', calls: ['forbidden'] },
  { id: 'X13', calls: ['forbidden'], isLasting: true },
  { id: 'X19', calls: ['crash-before', 'crash-after'], moves: ['crash'] },
  { id: 'X20', moves: ['tenant-restart'] },
  { id: 'X22', calls: ['slow', 'timeout-before'] },
  { id: 'X23', moves: ['double', 'reload'] },
  { id: 'X24', moves: ['tab'] },
  { id: 'X25', moves: ['back', 'again'] },
  { id: 'X26', moves: ['leave', 'decline'] },
  { id: 'X27', moves: ['lose-before', 'lose-after'] },
  { id: 'X28', moves: ['store-down'] },
  { id: 'X29', moves: ['store-empty'] },
  { id: 'X31', moves: [5, -5, 25, -25, 120, -120, 3600, -3600].map((by): Move => `clock${by}`) },
]

/** The flows that link and unlink, undisturbed. */
const FLOWS: { isLinked: boolean; goal: Goal }[] = [
  { isLinked: false, goal: 'google' },
  { isLinked: false, goal: 'password' },
  { isLinked: false, goal: 'connect' },
  { isLinked: true, goal: 'disconnect' },
  { isLinked: true, goal: 'undo' },
]

type Flow = (typeof FLOWS)[number]

/** How long an undisturbed run of a flow is. */
interface Length {
  calls: number
  /** Pages of the application. */
  pages: number
  /** Calls before the first that writes. */
  beforeWrite: number
}

interface Task {
  name: string
  schedule: Schedule
  /** Whether the accounts are linked in the end, if that is certain. */
  endsLinked?: boolean
}

/**
 * Plays every row at every call and page of every flow.
 *
 * @param from - The run to begin with; the first is 1.
 * @param onDone - Called after each run, with what was wrong, if anything was.
 */
export async function playRows(
  from: number,
  lanes: number,
  onDone: (lines?: string[]) => void,
): Promise<void> {
  const tasks: Task[] = []
  await inLanes(1, FLOWS, async (flow, stage, { twoAccounts, linked }) => {
    await stage.begin(flow.isLinked ? linked : twoAccounts, [])
    const length = await lengthOf(flow, stage)
    tasks.push(...ROWS.flatMap((row) => tasksOf(row, flow, length)))
  })
  console.log(`${tasks.length} runs, from ${from} on`)
  await inLanes(lanes, tasks.slice(from - 1), async (task, stage, worlds) => {
    // On a slow machine a deadline can pass that has nothing to do with the fault, so a failed run gets a second try.
    const problems = (await problemsOf(task, stage, worlds)) && (await problemsOf(task, stage, worlds))
    onDone(problems && [task.name, `  ${format(task.schedule)}`, ...problems.map((each) => `  ${each}`)])
  })
}

async function problemsOf(
  { schedule, endsLinked }: Task,
  stage: Stage,
  worlds: Worlds,
): Promise<string[] | undefined> {
  const problems = await play(stage, worlds, schedule)
  const ended = isLinked(await stage.world())
  if (endsLinked !== undefined && ended !== endsLinked) problems.push('what was wanted was not done')
  return problems.length > 0 ? problems : undefined
}

async function lengthOf({ goal }: Flow, stage: Stage): Promise<Length> {
  const ann = new Person(stage)
  await ann.pursue(goal)
  const calls = (await stage.ledger()).filter(isServerCall)
  return {
    calls: calls.length,
    pages: ann.pages,
    beforeWrite: calls.findIndex(({ method }) => method === 'PATCH'),
  }
}

function tasksOf(
  { id, calls = [], moves = [], isLasting = false, overcome }: Row,
  flow: Flow,
  length: Length,
): Task[] {
  const { goal, isLinked: wasLinked } = flow
  const base = { isLinked: wasLinked, goals: [goal], moves: [], calls: [] }
  const isOvercome = overcome === 'all' || (overcome === 'links' && !wasLinked)
  const onCalls = calls.flatMap((effect) =>
    Array.from({ length: length.calls }, (_unused, index): Task => {
      const effects = Array<Effect>(isLasting ? LASTING_CALLS : 1).fill(effect)
      return {
        name: `${id} ${effect}${isLasting ? ' from' : ' at'} call ${index + 1} of ${goal}`,
        schedule: { ...base, calls: [...Array<Effect>(index).fill('ok'), ...effects] },
        ...(isOvercome && index >= length.beforeWrite && { endsLinked: !wasLinked }),
      }
    }),
  )
  const onPages = moves.flatMap((move) =>
    Array.from(
      { length: length.pages },
      (_unused, index): Task => ({
        name: `${id} ${move} at page ${index + 1} of ${goal}`,
        schedule: { ...base, moves: [...Array<Move>(index).fill('go'), move] },
      }),
    ),
  )
  return [...onCalls, ...onPages]
}
