import 'server-only'
import type { TileView } from '@/components/ui/account-tile'
import type { Messages } from '@/lib/messages/en'
import { maskEmail } from '@/lib/messages/mask-email'
import type { Way } from '@/lib/messages/way-name'
import { wayView } from '../views/account-views'

/**
 * An account on a page that anyone may have opened: its address is masked.
 *
 * @param tag - The part that the account plays.
 * @param email - Its address, if it is known.
 */
export const maskedTile = (
  messages: Messages,
  tag: string,
  way: Way,
  email: string | undefined,
): TileView => ({ account: { ...wayView(messages, way, []), label: email && maskEmail(email) }, tag })
