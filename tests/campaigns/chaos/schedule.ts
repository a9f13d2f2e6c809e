/**
 * A schedule: what a person wants, how they behave, and what goes wrong.
 * @module
 */
import fc from 'fast-check'
import type { Effect } from './effects'

/** The goals of a person, in order: sign in to the other company, or use the page "Sign-in methods". */
const GOALS = ['google', 'password', 'connect', 'disconnect', 'undo'] as const
export type Goal = (typeof GOALS)[number]

/** What happens at one step. */
export type Move =
  | 'go'
  /** Opens the page again. */
  | 'reload'
  /** Goes back to the page before. */
  | 'back'
  /** Sends the last form again. */
  | 'again'
  /** Clicks twice. */
  | 'double'
  /** Pursues the same goal in a second tab to its end, then continues in the first tab. */
  | 'tab'
  /** Leaves everything; the next goal begins in another browser. */
  | 'leave'
  /** Presses "Not now", if it is offered. */
  | 'decline'
  /** The tenant's answer to the browser is lost when the login is resumed, before or after it took effect. */
  | 'lose-before'
  | 'lose-after'
  /** The application is killed and starts again. */
  | 'crash'
  /** The store is unreachable until the faults end, or loses its contents. */
  | 'store-down'
  | 'store-empty'
  /** The tenant starts again: users stay, open logins and sessions do not. */
  | 'tenant-restart'
  /** The tenant's clock is ahead of the real time by so many seconds, or behind if negative. */
  | `clock${number}`

/** One run. */
export interface Schedule {
  /** Whether the two accounts are linked when it begins. */
  isLinked: boolean
  goals: Goal[]
  /** In the order of the person's steps. After the last one, everything continues undisturbed. */
  moves: Move[]
  /** In the order of the calls to the tenant. After the last one, everything continues undisturbed. */
  calls: Effect[]
}

const weighted = <Value>(weights: Record<number, Value[]>) =>
  fc.oneof(
    ...Object.entries(weights).map(([weight, values]) => ({
      weight: Number(weight) * values.length,
      arbitrary: fc.constantFrom(...values),
    })),
  )

const trouble = weighted<Effect>({
  30: [
    'limited',
    'failed-before',
    'failed-after',
    'reset-before',
    'reset-after',
    'unauthorized',
    'truncated',
    'html-after',
    'nothing',
    'nothing-after',
    'slow',
  ],
  8: ['html', 'no-content-after', 'forbidden', 'limited-1min'],
  4: ['limited-1s', 'timeout-before', 'timeout-after', 'crash-before', 'crash-after'],
})

// When fast-check shrinks a schedule, it tries the first alternative: no fault.
const effects = (undisturbed: number) =>
  fc.array(
    fc.oneof(
      { withCrossShrink: true },
      { weight: undisturbed, arbitrary: fc.constant<Effect>('ok') },
      { weight: 100 - undisturbed, arbitrary: trouble },
    ),
    { maxLength: 100, size: 'max' },
  )

const move = fc.oneof(
  { withCrossShrink: true },
  { weight: 600, arbitrary: fc.constant<Move>('go') },
  {
    weight: 400,
    arbitrary: weighted<Move>({
      40: ['reload', 'back', 'again', 'double', 'tab', 'leave', 'decline'],
      15: ['lose-before', 'lose-after', 'tenant-restart', 'store-empty'],
      6: ['clock-120', 'clock-20', 'clock20', 'clock120', 'clock3600', 'clock-3600'],
      5: ['crash', 'store-down'],
    }),
  },
)

/** Any schedule. */
export const anySchedule: fc.Arbitrary<Schedule> = fc.record({
  isLinked: fc.oneof(
    { weight: 3, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  goals: fc.array(fc.constantFrom(...GOALS), { minLength: 1, maxLength: 3, size: 'max' }),
  moves: fc.array(move, { maxLength: 10, size: 'max' }),
  // Two thirds of the schedules have few faults, because with many of them few runs get far.
  calls: fc.oneof({ weight: 2, arbitrary: effects(96) }, { weight: 1, arbitrary: effects(85) }),
})

/** A schedule as JSON on one line, which `npm run chaos -- --schedule` plays again. */
export const format = (schedule: Schedule): string => JSON.stringify(schedule)
