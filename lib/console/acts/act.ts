import 'server-only'
import { z } from 'zod'

/** What an operator can do to an account, and to the other account or identity that is meant. */
export const Act = z.object({
  kind: z.enum(['undo', 'disconnect', 'clear-decline', 'give-back', 'end-sessions', 'link']),
  /** The account that is acted on. */
  userId: z.string(),
  /** The identity, the pair of a decline, the key of withheld details, or the account to link. */
  target: z.string().optional(),
})
export type Act = z.infer<typeof Act>

/** The words on the button of each act. */
export const ACT_NAMES: Record<Act['kind'], string> = {
  undo: 'Undo this link',
  disconnect: 'Disconnect',
  'clear-decline': 'Clear decline',
  'give-back': 'Give back',
  'end-sessions': 'End sessions',
  link: 'Link',
}
