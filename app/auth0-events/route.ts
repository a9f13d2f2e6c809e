/**
 * `POST /auth0-events`: the tenant reports users that were updated or deleted (Event Streams). From these events we find
 * links and unlinks that neither this service nor our Action made, for example those made in Auth0's dashboard.
 *
 * @see docs/reference/links-by-others.md
 * @module
 */
import { signInServices } from '@/app/settings/_services'
import { hashHex } from '@/core'
import { LinkingError } from '@/core/errors'
import { config } from '@/lib/config/config'
import { refuseJson, refuseStranger } from '@/lib/http/bearer-route'
import { plainHeaders } from '@/lib/http/headers'
import { readJson } from '@/lib/http/read-body'
import { acceptJob } from '@/lib/jobs/jobs'
import { noticeChange } from '@/lib/sign-in-methods/foreign/notice-change'
import { parseTenantEvent, type TenantEvent } from '@/lib/sign-in-methods/foreign/tenant-event'

/**
 * Largest body that is read, in bytes: 4 MiB. An event has the whole user. Auth0 takes up to 1 MB of each kind of metadata in one
 * request, and Vercel passes on 4.5 MB.
 */
const MAX_EVENT_BYTES = 4_194_304

export async function POST(request: Request): Promise<Response> {
  const stranger = refuseStranger(signInServices(), request, config().auth0EventsSecret)
  if (stranger) return stranger
  if (Number(request.headers.get('content-length')) > MAX_EVENT_BYTES) return refused(400, 'bad_request')
  const event = parseTenantEvent(await readJson(request, MAX_EVENT_BYTES))
  if (!event) return refused(400, 'bad_request')
  if (event !== 'ignored' && !(await accept(event))) return refused(503, 'store_unavailable')
  return new Response(null, { status: 204, headers: plainHeaders(signInServices()) })
}

/**
 * Stores a job for each account whose identities may have changed.
 *
 * @returns False if the store or the queue does not respond. The tenant then sends the event again.
 */
async function accept(event: TenantEvent): Promise<boolean> {
  try {
    const { changes, remember } = await noticeChange(signInServices(), event)
    for (const change of changes) {
      const id = await hashHex(JSON.stringify([event.id, change.accountId]), 16)
      if (!(await acceptJob(signInServices().jobs, { name: 'foreign', id: `foreign_${id}`, data: change })))
        return false
    }
    await remember()
    return true
  } catch (error) {
    if (error instanceof LinkingError && error.code === 'store_unavailable') return false
    throw error
  }
}

const refused = (status: number, error: string) => refuseJson(signInServices(), status, error)

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
