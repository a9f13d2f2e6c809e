import { createFinding, type Finding } from '../catalogue'
import type { DoctorCheck } from '../facts'

/** The oldest release that BullMQ recommends. */
const OLDEST = '6.2'

/** Whether Redis never evicts keys, and is recent enough for BullMQ. */
export const checkRedis: DoctorCheck = ({ redis }) => {
  if (!redis) return []
  const findings: Finding[] = []
  const { version, policy } = redis
  if (policy !== undefined && policy !== 'noeviction')
    findings.push(
      createFinding(
        'redis_evicts',
        `Its maxmemory-policy is ${policy}.`,
        'Set maxmemory-policy to noeviction.',
      ),
    )
  if (version?.localeCompare(OLDEST, 'en', { numeric: true }) === -1)
    findings.push(
      createFinding(
        'redis_outdated',
        `It is Redis ${version}.`,
        `Use Redis ${OLDEST} or later, or a server compatible with it.`,
      ),
    )
  return findings
}
