import 'server-only'
import type { TileView } from '@/components/ui/account-tile'
import type { Messages } from '@/lib/messages/en'
import { maskEmail } from '@/lib/messages/mask-email'
import type { SignInMethod } from '@/lib/messages/way-name'
import { wayView } from '../views/account-views'

/**
 * Shows an account with a masked email address, for a page that a stranger may have made this browser open.
 *
 * @param tag - Says which part the account plays on the page.
 * @param email - The account's email address, if it is known.
 */
export const maskedTile = (
  messages: Messages,
  tag: string,
  way: SignInMethod,
  email: string | undefined,
): TileView => ({ account: { ...wayView(messages, way, []), label: email && maskEmail(email) }, tag })
