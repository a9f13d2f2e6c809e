/**
 * What an operator can do, as a button seals it.
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

export const Act = z.object({
  kind: z.enum(KINDS),
  /** The account that is acted on; empty for offers. */
  userId: z.string(),
  /** The identity, the pair of a decline, the key of withheld details, or the other account to link. */
  target: z.string().optional(),
})

/** Something that an operator can do. */
export type Act = z.infer<typeof Act>
export type ActKind = Act['kind']

/** The words on the button of each act. */
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

/** What the console says once each act is done. */
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
