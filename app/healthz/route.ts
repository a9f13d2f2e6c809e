/**
 * `GET /healthz`: whether the service is up, and whether it offers links now. The Action asks before it sends
 * people here. Headers say which version it is, and up to which version it reads snapshots, for `npm run doctor`.
 *
 * @module
 */

import { services } from '@/app/_services'
import { SNAPSHOT_HEADER, SNAPSHOT_VERSION } from '@/core'
import { VERSION, VERSION_HEADER } from '@/lib/config/version'
import { plainHeaders } from '@/lib/http/headers'
import { isOffering } from '@/lib/link-flow/offer-switch'

export async function GET(): Promise<Response> {
  const headers = new Headers(plainHeaders(services()))
  headers.set(SNAPSHOT_HEADER, String(SNAPSHOT_VERSION))
  headers.set(VERSION_HEADER, VERSION)
  return Response.json({ status: 'ok', offer: await isOffering(services()) }, { headers })
}

export const dynamic = 'force-dynamic'
