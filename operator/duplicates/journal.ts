/**
 * The journal: what `apply`, `undo` and `ask` did, one step a line, on the disk before the next call to the tenant. After a `kill -9`
 * it says which pairs are done, and which was begun.
 * @module
 */
import { closeSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'
import { z } from 'zod'

/** What a step is part of. */
export const Act = z.enum(['apply', 'undo', 'ask'])
/** @see {@link Act} */
export type Act = z.infer<typeof Act>

/** One step. */
export const JournalLine = z.object({
  /** When. */
  at: z.iso.datetime(),
  act: Act,
  /** User id of the account that ends. */
  pair: z.string(),
  /** User id of the account that stays. */
  primary: z.string(),
  /** `begun`: calls to the tenant follow. Everything else ends what was begun. */
  step: z.enum(['begun', 'linked', 'undone', 'asked', 'refused']),
  /** Why it was refused. */
  code: z.string().optional(),
  /** The `plan_id` by which a link is begun. */
  plan: z.string().optional(),
  /** Calls to the tenant that it took. */
  calls: z.number().int().nonnegative().optional(),
  /** `accountState` of the account that stays, after the link: if another account is to be linked with it. */
  state: z.string().optional(),
  /** What an undo could not give back, by name. */
  withheld: z.array(z.string()).optional(),
})
/** @see {@link JournalLine} */
export type JournalLine = z.infer<typeof JournalLine>

/** Of a pair: what was done last, and what was begun and not ended. */
export interface PairState {
  primary: string
  /** The last step that ended something; undefined if none did. */
  last: Pick<JournalLine, 'act' | 'step' | 'code'> | undefined
  /** What was begun since. */
  begun: Act | undefined
  /** Whether an earlier attempt did not end, so that it is not known if the pair is linked. A refusal that passes leaves that open. */
  isUnsure: boolean
  /** The plan by which it was begun last; undefined if none was. */
  plan: string | undefined
  /** Whether it is linked, by what was done here. */
  isLinked: boolean
  /** Number of the line that says that it was linked: an undo goes in the reverse order. */
  order: number
}

/** What a journal says. */
export interface JournalState {
  /** What `apply` and `undo` did, by the user id of the account that ends. */
  pairs: Map<string, PairState>
  /** Accounts whose owners will be asked. */
  asked: number
  /** Of accounts that stay: {@link JournalLine.state}. */
  states: Map<string, string>
  lines: number
  calls: number
  /** Names that could not be given back, with the number of pairs. */
  withheld: Map<string, number>
  /** When the last pairs ended, at most {@link LATEST}, in milliseconds since the epoch: they say how fast a run is. */
  ends: number[]
}

/** @see {@link JournalState.ends} */
const LATEST = 200

const NOTHING = (): JournalState => ({
  pairs: new Map(),
  asked: 0,
  states: new Map(),
  lines: 0,
  calls: 0,
  withheld: new Map(),
  ends: [],
})

/** Refusals of an undo after which nothing is left to take back. */
const GONE: readonly string[] = ['taken_apart', 'relinked']

/** Reasons that may be over in a moment, so that the next run tries the pair again. */
const PASSING: readonly string[] = [
  ...[
    'busy',
    'management_failed',
    'missing_scope',
    'tenant_unreachable',
    'store_unavailable',
    'rate_limited',
  ],
  ...['outcome_unknown', 'adoption_refused', 'rights_unread', 'internal'],
  ...['no_worker', 'operator_links_off', 'other_policy'],
]

/** Whether the next run should try a pair again that was refused for this reason. */
export const isPassing = (code = ''): boolean => PASSING.includes(code)

/** Whether it is not known if a pair is linked: something was begun and not ended, or its outcome is unknown. */
export const isOpen = ({ begun, isUnsure }: Pick<PairState, 'begun' | 'isUnsure'>): boolean =>
  begun !== undefined || isUnsure

/** Adds a line to what is known. A line of another shape adds nothing: it was cut off, or a newer version wrote it. */
function add(state: JournalState, line: JournalLine): void {
  const { pair, primary, act, step, calls = 0 } = line
  state.lines += 1
  if (act === 'ask') state.asked += step === 'asked' ? 1 : 0
  else state.pairs.set(pair, nextState(state, line))
  if (line.state !== undefined) state.states.set(primary, line.state)
  for (const name of line.withheld ?? []) state.withheld.set(name, (state.withheld.get(name) ?? 0) + 1)
  state.calls += calls
  if (step === 'begun') return
  state.ends.push(Date.parse(line.at))
  if (state.ends.length > LATEST) state.ends.shift()
}

/** The state of a pair after a line. */
function nextState(
  { pairs, lines }: JournalState,
  { pair, primary, act, step, code, plan }: JournalLine,
): PairState {
  const before = pairs.get(pair)
  const isBegun = step === 'begun'
  const isOver = step === 'undone' || (act === 'undo' && GONE.includes(code ?? ''))
  return {
    primary,
    last: isBegun ? before?.last : { act, step, ...(code !== undefined && { code }) },
    begun: isBegun ? act : undefined,
    isUnsure: isBegun
      ? before !== undefined && isOpen(before)
      : step === 'refused' && (code === 'outcome_unknown' || (before?.isUnsure === true && isPassing(code))),
    plan: plan ?? before?.plan,
    isLinked: step === 'linked' || (before?.isLinked === true && !isOver),
    order: step === 'linked' ? lines : (before?.order ?? 0),
  }
}

const CHUNK = 1 << 16

/** Reads whole lines of a file, and tells where the last one ends. */
function readLines(fd: number, each: (line: string) => void): number {
  const buffer = Buffer.alloc(CHUNK)
  let rest = Buffer.alloc(0)
  let end = 0
  for (let at = 0; ; ) {
    const count = readSync(fd, buffer, 0, CHUNK, at)
    if (count === 0) return end
    at += count
    rest = Buffer.concat([rest, buffer.subarray(0, count)])
    for (let cut = rest.indexOf(10); cut >= 0; cut = rest.indexOf(10)) {
      each(rest.toString('utf8', 0, cut))
      rest = rest.subarray(cut + 1)
      end = at - rest.length
    }
  }
}

function parseLine(text: string): JournalLine | undefined {
  try {
    return JournalLine.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/**
 * Reads a journal in one pass; of each pair only its state is kept.
 *
 * @param path - Of the file; one that is not there says nothing.
 */
export function readJournal(path: string): JournalState {
  const state = NOTHING()
  let fd: number
  try {
    fd = openSync(path, 'r')
  } catch (error) {
    if (Object(error).code === 'ENOENT') return state
    throw error
  }
  try {
    readLines(fd, (text) => {
      const line = parseLine(text)
      if (line) add(state, line)
    })
  } finally {
    closeSync(fd)
  }
  return state
}

/** A journal that is written to. */
export class Journal {
  /** What it says by now. */
  readonly state: JournalState
  readonly #fd: number

  /**
   * Opens a journal, for its owner only. A last line that a kill has cut off is removed.
   *
   * @param path - Of the file.
   * @param now - The time.
   */
  constructor(
    path: string,
    private readonly now: () => Date = () => new Date(),
  ) {
    this.#fd = openSync(path, 'a+', 0o600)
    const state = NOTHING()
    const end = readLines(this.#fd, (text) => {
      const line = parseLine(text)
      if (line) add(state, line)
    })
    ftruncateSync(this.#fd, end)
    this.state = state
  }

  /** Adds a line. When this returns, it is on the disk. */
  write(line: Omit<JournalLine, 'at'>): void {
    const whole = { at: this.now().toISOString(), ...line }
    writeSync(this.#fd, `${JSON.stringify(whole)}\n`)
    fsyncSync(this.#fd)
    add(this.state, whole)
  }

  /** Closes the file. */
  close(): void {
    closeSync(this.#fd)
  }
}
