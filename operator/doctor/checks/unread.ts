import { found } from '../catalogue'
import type { Check } from '../facts'

/** Reports what the doctor could not read, and what the operator can do about that. */
export const checkUnread: Check = ({ unread }) =>
  unread.map(({ what, reason, fix }) => found('not_checked', `Not read: ${what}. ${reason}`, fix))
