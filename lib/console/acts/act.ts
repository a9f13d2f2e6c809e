/**
 * Acts: the changes that an operator can make. Each button of the console sends one, encrypted for the session.
 * @module
 */
import 'server-only'
import { z } from 'zod'

const KINDS = [
  'undo',
  'disconnect',
  'clear-decline',
  'give-back',
  'end-sessions',
  'link',
  'pause-offers',
  'resume-offers',
] as const

export const OperatorAct = z.object({
  kind: z.enum(KINDS),
  /** User id of the account to change; empty if the act pauses or resumes offers. */
  userId: z.string(),
  /** User id of the identity or the other account, hash of a declined pair, or `app_metadata` key of withheld metadata. */
  target: z.string().optional(),
})

/** A change that an operator can make. */
export type OperatorAct = z.infer<typeof OperatorAct>
export type ActKind = OperatorAct['kind']

/** The label of the button for each act. */
export const ACT_NAMES: Record<ActKind, string> = {
  undo: 'Undo this link',
  disconnect: 'Disconnect',
  'clear-decline': 'Clear decline',
  'give-back': 'Give back',
  'end-sessions': 'End sessions',
  link: 'Link',
  'pause-offers': 'Pause offers',
  'resume-offers': 'Resume offers',
}

/** The message that the console shows after each act. */
export const ACT_RESULTS: Record<ActKind, string> = {
  undo: 'The link is undone.',
  disconnect: 'The identity is disconnected.',
  'clear-decline': 'The decline is cleared.',
  'give-back': 'The details are given back.',
  'end-sessions': 'The sessions are ended.',
  link: 'The accounts are linked.',
  'pause-offers': 'Offers are paused: logins continue without linking.',
  'resume-offers': 'Offers are resumed.',
}
