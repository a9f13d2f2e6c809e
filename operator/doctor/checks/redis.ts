import { type Finding, found } from '../catalogue'
import type { Check } from '../facts'

/** The oldest release that BullMQ recommends. */
const OLDEST = '6.2'

/** Whether Redis never evicts keys, and is recent enough for BullMQ. */
export const checkRedis: Check = ({ redis }) => {
  if (!redis) return []
  const findings: Finding[] = []
  const { version, policy } = redis
  if (policy !== undefined && policy !== 'noeviction')
    findings.push(
      found('redis_evicts', `Its maxmemory-policy is ${policy}.`, 'Set maxmemory-policy to noeviction.'),
    )
  if (version?.localeCompare(OLDEST, 'en', { numeric: true }) === -1)
    findings.push(
      found(
        'redis_outdated',
        `It is Redis ${version}.`,
        `Use Redis ${OLDEST} or later, or a server compatible with it.`,
      ),
    )
  return findings
}
