/**
 * `GET /api/sign-in-methods`: a person's sign-in methods for the operator's own applications.
 * @see docs/reference/in-your-apps.md
 * @module
 */
import 'server-only'
import { LinkingError } from '@/core/errors'
import { connectionNames } from '../../auth0/connection-names'
import { ManagementApiError } from '../../auth0/management-api-error'
import { waitForViewQuota } from '../../auth0/tenant-quota'
import { appUrl } from '../../config/app-url'
import { type HeaderSettings, plainHeaders } from '../../http/headers'
import { assertWithin, type Limit } from '../../limits/rate-limit'
import { chooseMessages } from '../../messages'
import { signInMethodName } from '../../messages/way-name'
import { logEvent } from '../../observability/log'
import { SIGN_IN_METHODS_PATH } from '../paths'
import type { SignInServices } from '../services'
import { API_SCOPE } from './access-token'
import { assertFirstParty } from './assert-first-party'
import { methodsOf } from './methods-of'
import { API_REFUSALS, ApiRefusal, type ApiRefusalCode } from './refusal'

/** The body of the response. */
export interface SignInMethods {
  methods: {
    provider: string
    connection: string
    /** Name of the sign-in method for people, in their language. */
    label: string
    primary: boolean
    /** ISO 8601. Null for the primary identity, and for one that was not linked by this service. */
    linked_at: string | null
  }[]
  /** URL of the page on which the person manages their sign-in methods. */
  manage_url: string
}

/** Limit on requests for one person, by all applications together. The table in docs/reference/http.md says the same. */
const SUBJECT_LIMIT: Limit = { name: 'api', count: 60, seconds: 60 }
/** `Retry-After` of a 503, in seconds. */
const TROUBLE_WAIT_SECONDS = 5
/** `Retry-After` if the tenant's own rate limit is nearly used up, in seconds. */
const QUOTA_WAIT_SECONDS = 1

/** The headers of every response. Scripts of any origin may read it, because access needs a bearer token and no cookie. */
const headers = (settings: HeaderSettings): Record<string, string> => ({
  ...plainHeaders(settings),
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'authorization',
  vary: 'authorization, accept-language',
})

/** Responds to a request of any method: with the list of sign-in methods, or with a refusal as JSON. Uses no cookie. */
export async function answerSignInMethods(services: SignInServices, request: Request): Promise<Response> {
  try {
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers: headers(services) })
    if (request.method !== 'GET') throw new ApiRefusal('method_not_allowed')
    return Response.json(await readMethods(services, request), { headers: headers(services) })
  } catch (error) {
    return refusalResponse(services, toRefusal(error))
  }
}

async function readMethods(services: SignInServices, request: Request): Promise<SignInMethods> {
  // With `LINKING_AUTHORITY=user` the service has no token of its own with which it could read accounts.
  if (services.linkingAuthority === 'user') throw new ApiRefusal('not_found')
  const { subject, clientId } = await services.apiTokens.verify(request.headers.get('authorization'))
  const api = services.managementApi(services.authorities.server(), async () => {
    if (!(await waitForViewQuota()))
      throw new LinkingError('rate_limited', { retryAfter: QUOTA_WAIT_SECONDS })
  })
  // Check this before the request is counted: an application of another company must not use up the person's limit.
  await assertFirstParty(services, api, clientId)
  await assertWithin(services.store, SUBJECT_LIMIT, subject)
  const [methods, known] = await Promise.all([methodsOf(services, api, subject), connectionNames(services)])
  // Pass on only this header, so that no cookie is read.
  const accepted = request.headers.get('accept-language')
  const headers = new Headers(accepted === null ? {} : { 'accept-language': accepted })
  const messages = await chooseMessages(services, { headers })
  return {
    methods: methods.map(({ provider, connection, primary, linkedAt }) => ({
      provider,
      connection,
      label: signInMethodName(messages, { provider, connection }, known),
      primary,
      linked_at: linkedAt === null ? null : new Date(linkedAt * 1000).toISOString(),
    })),
    manage_url: appUrl(services.appBaseUrl, SIGN_IN_METHODS_PATH),
  }
}

function toRefusal(error: unknown): ApiRefusal {
  if (error instanceof ApiRefusal) return error
  if (error instanceof LinkingError && error.code === 'rate_limited')
    return new ApiRefusal('rate_limited', error.details.retryAfter ?? QUOTA_WAIT_SECONDS)
  if (error instanceof ManagementApiError)
    return new ApiRefusal(error.code === 'missing_scope' ? 'not_set_up' : 'tenant_unreachable')
  return new ApiRefusal('internal')
}

function refusalResponse(services: SignInServices, { code, retryAfter }: ApiRefusal): Response {
  const { status } = API_REFUSALS[code]
  const wait = status === 503 ? TROUBLE_WAIT_SECONDS : retryAfter
  logEvent('api_refused', { code })
  return Response.json(
    { error: code },
    {
      status,
      headers: {
        ...headers(services),
        ...(status === 405 && { allow: 'GET, OPTIONS' }),
        ...((status === 401 || status === 403) && { 'www-authenticate': challenge(code) }),
        ...(wait !== undefined && { 'retry-after': String(wait) }),
      },
    },
  )
}

/** Value of `WWW-Authenticate`. If the request has no token, it names the scheme and no error (RFC 6750, section 3.1). */
function challenge(code: ApiRefusalCode): string {
  const { bearerError } = API_REFUSALS[code]
  if (bearerError === undefined) return 'Bearer'
  return `Bearer error="${bearerError}"${bearerError === 'insufficient_scope' ? `, scope="${API_SCOPE}"` : ''}`
}
