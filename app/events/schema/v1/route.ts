/**
 * `GET /events/schema/v1`: the JSON Schema of the events. The attribute `dataschema` of each event names this URL.
 *
 * @see docs/events.md
 * @module
 */
import { linkFlowServices } from '@/app/_services'
import { eventSchema } from '@/lib/events/event-schema'
import { plainHeaders } from '@/lib/http/headers'

export function GET(): Response {
  return Response.json(eventSchema(), { headers: plainHeaders(linkFlowServices()) })
}

export const dynamic = 'force-dynamic'
