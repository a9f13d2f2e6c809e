/**
 * `GET /readyz`: whether a link could be made now, that is whether the tenant and Redis can be reached. For rollouts and
 * alarms; a load balancer asks `/healthz`, because a process that is not ready still sends logins on.
 *
 * @module
 */
import { plainHeaders } from '@/lib/http/headers'
import { findDown } from '@/lib/readiness'

export async function GET(): Promise<Response> {
  const down = await findDown()
  if (down.length === 0) return Response.json({ status: 'ready' }, { headers: plainHeaders() })
  return Response.json({ status: 'not_ready', down }, { status: 503, headers: plainHeaders() })
}

export const dynamic = 'force-dynamic'
