import type { DoctorCheck } from '../facts'
import { checkAction, checkTrigger } from './action'
import { checkActionSettings } from './action-settings'
import { checkAdoption } from './adoption'
import { checkApi } from './api'
import { checkApplications } from './applications'
import { checkBrand } from './brand'
import { checkClock } from './clock'
import { checkConnections } from './connections'
import { checkDomains } from './domains'
import { checkEventStream } from './event-stream'
import { checkLeftovers } from './leftovers'
import { checkMail } from './mail'
import { checkManagement } from './management'
import { checkProfiles } from './profiles'
import { checkRedis } from './redis'
import { checkMemberships, checkRights } from './rights'
import { checkService } from './service'
import { checkUnread } from './unread'
import { checkVersions } from './versions'

/** Every check, in the order in which the operator should fix the findings. */
export const CHECKS: DoctorCheck[] = [
  checkDomains,
  checkManagement,
  checkRights,
  checkBrand,
  checkApplications,
  checkApi,
  checkConnections,
  checkMemberships,
  checkAction,
  checkActionSettings,
  checkTrigger,
  checkService,
  checkRedis,
  checkAdoption,
  checkMail,
  checkEventStream,
  checkVersions,
  checkClock,
  checkProfiles,
  checkLeftovers,
  checkUnread,
]
