/**
 * `GET /api/sign-in-methods`: a person's sign-in methods for the operator's own applications.
 * @see docs/reference/in-your-apps.md
 * @module
 */
import 'server-only'
import { LinkingError } from '@/core/errors'
import { connectionNames } from '../../auth0/connection-names'
import { ManagementApiError } from '../../auth0/management-api-error'
import { mayView } from '../../auth0/tenant-quota'
import { appUrl } from '../../config/app-url'
import { type HeaderSettings, plainHeaders } from '../../http/headers'
import { assertWithin, type Limit } from '../../limits/rate-limit'
import { chooseMessages } from '../../messages'
import { wayName } from '../../messages/way-name'
import { logEvent } from '../../observability/log'
import { PAGE } from '../paths'
import type { SignInServices } from '../services'
import { API_SCOPE } from './access-token'
import { assertFirstParty } from './assert-first-party'
import { methodsOf } from './methods-of'
import { API_REFUSALS, ApiRefusal, type ApiRefusalCode } from './refusal'

/** The body of the answer. */
export interface SignInMethods {
  methods: {
    provider: string
    connection: string
    /** What people call it, in their language. */
    label: string
    primary: boolean
    /** ISO 8601; null for the primary method, and for one that was linked by other means. */
    linked_at: string | null
  }[]
  /** The page on which the person manages them. */
  manage_url: string
}

/** Calls for one person, from all applications. The table in docs/reference/http.md says the same. */
const SUBJECT_LIMIT: Limit = { name: 'api', count: 60, seconds: 60 }
/** What a 503 asks callers to wait, in seconds. */
const TROUBLE_WAIT_SECONDS = 5
/** What a caller waits if the tenant's own limit is nearly used up, in seconds. */
const QUOTA_WAIT_SECONDS = 1

/** What every answer carries: scripts of any origin may read it, and only a bearer token makes it anyone's. */
const headers = (settings: HeaderSettings): Record<string, string> => ({
  ...plainHeaders(settings),
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'authorization',
  vary: 'authorization, accept-language',
})

/** Answers a request of any method: the list, or a refusal as JSON. Reads no cookie and sets none. */
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
  // Without an authority of our own no account can be read.
  if (services.linkingAuthority === 'user') throw new ApiRefusal('not_found')
  const { subject, clientId } = await services.apiTokens.verify(request.headers.get('authorization'))
  const api = services.managementApi(services.authorities.server(), async () => {
    if (!(await mayView())) throw new LinkingError('rate_limited', { retryAfter: QUOTA_WAIT_SECONDS })
  })
  // Before anything is counted: another company's application must not use up what the person's own have left.
  await assertFirstParty(services, api, clientId)
  await assertWithin(services.store, SUBJECT_LIMIT, subject)
  const [methods, known] = await Promise.all([methodsOf(services, api, subject), connectionNames(services)])
  // Nothing but this header: a cookie of ours must not make a difference here.
  const accepted = request.headers.get('accept-language') ?? ''
  const messages = chooseMessages({ headers: new Headers({ 'accept-language': accepted }) })
  return {
    methods: methods.map(({ provider, connection, primary, linkedAt }) => ({
      provider,
      connection,
      label: wayName(messages, { provider, connection }, known, 'alone'),
      primary,
      linked_at: linkedAt === null ? null : new Date(linkedAt * 1000).toISOString(),
    })),
    manage_url: appUrl(services.appBaseUrl, PAGE),
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

/** A request without a token is told the scheme and nothing else. */
function challenge(code: ApiRefusalCode): string {
  const { bearerError } = API_REFUSALS[code]
  if (bearerError === undefined) return 'Bearer'
  return `Bearer error="${bearerError}"${bearerError === 'insufficient_scope' ? `, scope="${API_SCOPE}"` : ''}`
}
