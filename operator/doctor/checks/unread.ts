import { createFinding } from '../catalogue'
import type { DoctorCheck } from '../facts'

/** Reports what the doctor could not read, and what the operator can do about that. */
export const checkUnread: DoctorCheck = ({ unread }) =>
  unread.map(({ what, reason, fix }) => createFinding('not_checked', `Not read: ${what}. ${reason}`, fix))
