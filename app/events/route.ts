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
import { refuseJson, refuseStranger } from '@/lib/http/bearer-route'
import { plainHeaders } from '@/lib/http/headers'
import { readJson } from '@/lib/http/read-body'
import { afterAnswer } from '@/lib/observability/after-answer'
import { continueEnding } from '@/lib/sign-in-methods/end-sessions/end-access'
import { repairAccount } from '@/lib/sign-in-methods/repair/repair-account'

/** Largest body that is read, in bytes. */
const MAX_EVENT_BYTES = 8_192

export async function POST(request: Request): Promise<Response> {
  const stranger = refuseStranger(signInServices(), request, config().actionEventsSecret)
  if (stranger) return stranger
  const event = ActionEvent.safeParse(await readJson(request, MAX_EVENT_BYTES))
  if (!event.success) return refuseJson(signInServices(), 400, 'bad_request')
  afterAnswer(() =>
    relayActionEvent(signInServices(), event.data, (account) =>
      // This also sends an adoption's commit if the Action could not send it.
      Promise.all([repairAccount(signInServices(), account), continueEnding(signInServices(), account)]),
    ),
  )
  return Response.json({}, { status: 202, headers: plainHeaders(signInServices()) })
}

const methodNotAllowed = async () =>
  refuseJson(signInServices(), 405, 'method_not_allowed', { allow: 'POST' })

export {
  methodNotAllowed as DELETE,
  methodNotAllowed as GET,
  methodNotAllowed as HEAD,
  methodNotAllowed as OPTIONS,
  methodNotAllowed as PATCH,
  methodNotAllowed as PUT,
}
