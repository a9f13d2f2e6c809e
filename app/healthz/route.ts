/**
 * `GET /healthz`: whether the service is up, and whether it offers links at present. The Action asks before it sends
 * anyone here. A header says up to which version it reads snapshots, for `npm run doctor`.
 *
 * @module
 */
import { plainHeaders } from '@/lib/http/headers'
import { SNAPSHOT_HEADER, SNAPSHOT_VERSION } from '@/lib/linking'
import { isOffering } from '@/lib/offer'

export async function GET(): Promise<Response> {
  const headers = new Headers(plainHeaders())
  headers.set(SNAPSHOT_HEADER, String(SNAPSHOT_VERSION))
  return Response.json({ status: 'ok', offer: await isOffering() }, { headers })
}

export const dynamic = 'force-dynamic'
