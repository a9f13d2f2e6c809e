/**
 * What the lines of a journal say: the state of each pair, and the counts.
 * @module
 */
import { z } from 'zod'

/** The command that a step is part of. */
export const Act = z.enum(['apply', 'undo', 'ask', 'invite'])
/** @see {@link Act} */
export type Act = z.infer<typeof Act>

/** One step, as a line of the journal. */
export const JournalLine = z.object({
  /** When the step was written. */
  at: z.iso.datetime(),
  act: Act,
  /**
   * User id of the secondary account, which identifies the pair. For `ask`, the user id of the account; for `invite`, the
   * key of the group.
   */
  pair: z.string(),
  /** User id of the primary account. */
  primary: z.string(),
  /** `begun`: API calls that change accounts follow, or a mail. Every other step ends what was begun. */
  step: z.enum(['begun', 'linked', 'undone', 'asked', 'invited', 'refused']),
  /** The code that says why the pair was refused. */
  code: z.string().optional(),
  /** The `plan_id` of the plan that the link is part of. */
  plan: z.string().optional(),
  /** How many API calls the pair took. */
  calls: z.number().int().nonnegative().optional(),
  /** `accountState` (a hash) of the primary account after the link. Set only if the plan links another account to it. */
  state: z.string().optional(),
  /** Names of the metadata fields and rights that an undo could not give back. */
  withheld: z.array(z.string()).optional(),
})
/** @see {@link JournalLine} */
export type JournalLine = z.infer<typeof JournalLine>

/** Reads a line of the journal; undefined if it is none. */
export function parseJournalLine(text: string): JournalLine | undefined {
  try {
    return JournalLine.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** The state of a pair: which step ended last, and what was begun and has not ended. */
export interface PairState {
  primary: string
  /** The last step other than `begun`; undefined if there is none. */
  last: Pick<JournalLine, 'act' | 'step' | 'code'> | undefined
  /** The command that was begun since then, and has not ended. */
  begun: Act | undefined
  /** Whether an earlier attempt did not end, so that the pair may be linked. A temporary refusal does not change this. */
  isUnsure: boolean
  /** The `plan_id` of the last link that was begun; undefined if none was. */
  plan: string | undefined
  /** Whether the pair is linked, as far as the journal says. */
  isLinked: boolean
  /** The number of the line that says that the pair was linked. Pairs are undone in the reverse order. */
  order: number
}

/** What all lines of a journal together say. */
export interface JournalState {
  /** The pairs that `apply` and `undo` worked on, by user id of the secondary account. */
  pairs: Map<string, PairState>
  /** How many accounts `ask` has handled whose owners will be asked at their next login. */
  asked: number
  /** How many invitations `ask --mail` has sent. */
  invited: number
  /** The last {@link JournalLine.state} of each primary account, by its user id. */
  states: Map<string, string>
  lines: number
  calls: number
  /** Names of fields and rights that could not be given back, each with the number of pairs. */
  withheld: Map<string, number>
  /**
   * When the last {@link LATEST} pairs of `apply` and `undo` and accounts of `ask` ended, in milliseconds since the epoch.
   * `status` computes from this how fast a run is.
   */
  ends: number[]
}

/** @see {@link JournalState.ends} */
const LATEST = 200

/** The state of an empty journal. */
export const emptyState = (): JournalState => ({
  pairs: new Map(),
  asked: 0,
  invited: 0,
  states: new Map(),
  lines: 0,
  calls: 0,
  withheld: new Map(),
  ends: [],
})

/** Refusal codes of an undo that mean that there is nothing left to undo. */
const GONE: readonly string[] = ['taken_apart', 'relinked']

/** Refusals that may be temporary, so that the next run tries the pair again. */
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

/** Whether it is unknown if a pair is linked: a command was begun and has not ended, or ended with an unknown outcome. */
export const isOpen = ({ begun, isUnsure }: Pick<PairState, 'begun' | 'isUnsure'>): boolean =>
  begun !== undefined || isUnsure

/** Updates the state by one line of the journal. */
export function addLine(state: JournalState, line: JournalLine): void {
  const { pair, primary, act, step, calls = 0 } = line
  state.lines += 1
  if (act === 'ask') state.asked += step === 'asked' ? 1 : 0
  else if (act === 'invite') state.invited += step === 'invited' ? 1 : 0
  else state.pairs.set(pair, nextState(state, line))
  if (line.state !== undefined) state.states.set(primary, line.state)
  for (const name of line.withheld ?? []) state.withheld.set(name, (state.withheld.get(name) ?? 0) + 1)
  state.calls += calls
  if (step === 'begun' || act === 'invite') return
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
  const isLinkGone = step === 'undone' || (act === 'undo' && GONE.includes(code ?? ''))
  return {
    primary,
    last: isBegun ? before?.last : { act, step, ...(code !== undefined && { code }) },
    begun: isBegun ? act : undefined,
    isUnsure: isBegun
      ? before !== undefined && isOpen(before)
      : step === 'refused' && (code === 'outcome_unknown' || (before?.isUnsure === true && isPassing(code))),
    plan: plan ?? before?.plan,
    isLinked: step === 'linked' || (before?.isLinked === true && !isLinkGone),
    order: step === 'linked' ? lines : (before?.order ?? 0),
  }
}
