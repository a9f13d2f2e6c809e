/**
 * `GET /healthz`: says whether the service is up, and whether it offers links now. The Action asks this before it sends people
 * here. For `npm run doctor`, headers say the service's version and the newest snapshot version that it can read.
 *
 * @module
 */

import { linkFlowServices } from '@/app/_services'
import { SNAPSHOT_HEADER, SNAPSHOT_VERSION } from '@/core'
import { VERSION, VERSION_HEADER } from '@/lib/config/version'
import { plainHeaders } from '@/lib/http/headers'
import { isOffering } from '@/lib/link-flow/offer-switch'

export async function GET(): Promise<Response> {
  const headers = new Headers(plainHeaders(linkFlowServices()))
  headers.set(SNAPSHOT_HEADER, String(SNAPSHOT_VERSION))
  headers.set(VERSION_HEADER, VERSION)
  return Response.json({ status: 'ok', offer: await isOffering(linkFlowServices()) }, { headers })
}

export const dynamic = 'force-dynamic'
