import { found } from '../catalogue'
import type { Check } from '../facts'

/** Says what was not looked at, and how to have it looked at. */
export const checkUnread: Check = ({ unread }) =>
  unread.map(({ what, reason, fix }) => found('not_checked', `Not read: ${what}. ${reason}`, fix))
