/**
 * `GET /healthz`: whether the service is up, and whether it offers links at present. The Action asks before it sends
 * anyone here.
 *
 * @module
 */
import { config } from '@/lib/config'
import { plainHeaders } from '@/lib/http/headers'

export async function GET(): Promise<Response> {
  return Response.json({ status: 'ok', offer: config().isOfferOn }, { headers: plainHeaders() })
}

export const dynamic = 'force-dynamic'
