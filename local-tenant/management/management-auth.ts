/**
 * Authentication and authorization of requests to the Management API.
 * @module
 */
import type { MiddlewareHandler } from 'hono'
import { errors, type JWTPayload } from 'jose'
import type { TenantState } from '../state'
import type { TenantEnv } from '../tenant-env'
import { ManagementRefusal, managementError } from './management-errors'

/** The caller, as its verified access token describes it. */
export interface Caller {
  /** The token's `azp`. */
  clientId: string
  /** The token's `sub`: a user id, or `<client id>@clients`. */
  subject: string
  scopes: string[]
  issuer: string
}

/** The hono environment of endpoints behind {@link managementAuth}. */
export type ManagementEnv = TenantEnv & { Variables: TenantEnv['Variables'] & { caller: Caller } }

/**
 * Accepts only requests with a valid access token for the Management API. Responds with 400 to a malformed `authorization`
 * header, and with 401 if the token is missing, not valid, or for another audience.
 *
 * @see https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens
 */
export function managementAuth(state: TenantState): MiddlewareHandler<ManagementEnv> {
  return async (context, next) => {
    const header = context.req.header('authorization')
    if (header === undefined) return managementError(401, 'Missing authentication')
    const token = /^Bearer ([^ ]+)$/i.exec(header)?.[1]
    if (token === undefined) {
      return managementError(400, 'Bad HTTP authentication header format', { errorCode: 'Bearer' })
    }
    let claims: JWTPayload
    try {
      claims = await state.signer.verify(token, state.now())
    } catch (error) {
      return invalidToken(describe(error))
    }
    const audiences = [claims.aud ?? []].flat()
    if (!audiences.some((audience) => state.managementAudiences().includes(audience))) {
      return managementError(401, `Bad audience: ${audiences.join(', ')}`)
    }
    const { azp, scope, sub = '', iss = '' } = claims
    context.set('caller', {
      clientId: typeof azp === 'string' ? azp : '',
      subject: sub,
      scopes: typeof scope === 'string' ? scope.split(' ') : [],
      issuer: iss,
    })
    await next()
  }
}

/**
 * Requires that the caller has one of the scopes. A scope that contains `:current_user` counts only for the caller's own
 * user.
 *
 * @param caller - The caller, from the context.
 * @param scopes - The scopes that Auth0's reference lists for the endpoint.
 * @param userId - The user that the request acts on, if any.
 * @returns The scope that allows the request.
 * @throws {ManagementRefusal} 403.
 */
export function requireScope(caller: Caller, scopes: string[], userId?: string): string {
  const held = scopes.filter((scope) => caller.scopes.includes(scope))
  if (held.length === 0) {
    const message = `Insufficient scope, expected any of: ${scopes.join(',')}`
    throw new ManagementRefusal(403, message, 'insufficient_scope')
  }
  const passing = held.find((scope) => !scope.includes(':current_user') || caller.subject === userId)
  if (passing === undefined) {
    throw new ManagementRefusal(403, 'User to be acted on does not match subject in bearer token.')
  }
  return passing
}

function invalidToken(message: string): Response {
  return managementError(401, message, { attributes: { error: message } })
}

function describe(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'Expired token received for JSON Web Token validation'
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'Invalid signature received for JSON Web Token validation'
  }
  return 'Invalid token'
}
