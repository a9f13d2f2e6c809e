/**
 * `POST /events`: the Action reports the links that it makes. It waits at most a second, so we send the response before we begin
 * the work.
 *
 * @see docs/events.md
 * @module
 */
import { signInServices } from '@/app/settings/_services'
import { config } from '@/lib/config/config'
import { ActionEvent, relayActionEvent } from '@/lib/events/action-event'
import { bearsToken } from '@/lib/http/bears-token'
import { plainHeaders } from '@/lib/http/headers'
import { readJson } from '@/lib/http/read-json'
import { afterAnswer } from '@/lib/observability/after-answer'
import { continueEnding } from '@/lib/sign-in-methods/end-access'
import { repairAccount } from '@/lib/sign-in-methods/repair-account'

/** Largest body that is read, in bytes. */
const MAX_EVENT_BYTES = 8_192

export async function POST(request: Request): Promise<Response> {
  const { actionEventsSecret } = config()
  if (actionEventsSecret === undefined) return refused(404, 'not_found')
  if (!bearsToken(request, actionEventsSecret))
    return refused(401, 'unauthorized', { 'www-authenticate': 'Bearer' })
  const event = ActionEvent.safeParse(await readJson(request, MAX_EVENT_BYTES))
  if (!event.success) return refused(400, 'bad_request')
  afterAnswer(() =>
    relayActionEvent(signInServices(), event.data, (account) =>
      // This also sends an adoption's commit if the Action could not send it.
      Promise.all([repairAccount(signInServices(), account), continueEnding(signInServices(), account)]),
    ),
  )
  return Response.json({}, { status: 202, headers: plainHeaders(signInServices()) })
}

function refused(status: number, error: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error }, { status, headers: { ...plainHeaders(signInServices()), ...headers } })
}

const methodNotAllowed = async () => refused(405, 'method_not_allowed', { allow: 'POST' })

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as GET,
  methodNotAllowed as HEAD,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as PUT,
}
