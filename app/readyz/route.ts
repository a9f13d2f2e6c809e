/**
 * `GET /readyz`: says whether a link could be made now, which is the case if the tenant and Redis can be reached. Use it for
 * rollouts and alarms. `warnings` lists what the operator should look into. A load balancer should use `/healthz`, because a
 * process that is not ready still continues logins.
 *
 * @module
 */

import { linkFlowServices } from '@/app/_services'
import { findDown } from '@/lib/health/readiness'
import { findsStepUpWithoutFactor } from '@/lib/health/step-up-warning'
import { plainHeaders } from '@/lib/http/headers'

export async function GET(): Promise<Response> {
  const down = await findDown(linkFlowServices())
  if (down.length === 0) {
    const warnings = (await findsStepUpWithoutFactor(linkFlowServices().store))
      ? { warnings: ['step_up_without_factor'] }
      : {}
    return Response.json({ status: 'ready', ...warnings }, { headers: plainHeaders(linkFlowServices()) })
  }
  return Response.json(
    { status: 'not_ready', down },
    { status: 503, headers: plainHeaders(linkFlowServices()) },
  )
}

export const dynamic = 'force-dynamic'
