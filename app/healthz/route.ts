/**
 * `GET /healthz`: whether the service is up, and whether it offers links at present. The Action asks before it sends
 * anyone here.
 *
 * @module
 */
import { plainHeaders } from '@/lib/http/headers'
import { isOffering } from '@/lib/offer'

export async function GET(): Promise<Response> {
  return Response.json({ status: 'ok', offer: await isOffering() }, { headers: plainHeaders() })
}

export const dynamic = 'force-dynamic'
