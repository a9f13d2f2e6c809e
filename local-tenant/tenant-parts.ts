/**
 * The parts of the tenant that every login endpoint uses.
 * @module
 */
import type { Context } from 'hono'
import type { ActionRuntime } from './actions/action-runtime'
import { doorOf } from './door'
import type { Transactions } from './login/transactions'
import type { Door } from './model'
import type { TenantState } from './state'
import type { TenantEnv } from './tenant-env'

/** The parts of a running tenant. */
export interface TenantParts {
  state: TenantState
  transactions: Transactions
  actions: ActionRuntime
}

/** The handler of one route. */
export type Endpoint = (context: Context<TenantEnv>) => Response | Promise<Response>

/** The request that Actions see as `event.request`. */
export interface ActionRequest {
  ip: string
  hostname: string
  method: string
  query: Record<string, string>
  body: Record<string, unknown>
  geoip: Record<string, never>
  language?: string
  user_agent?: string
}

/**
 * Builds the `event.request` that describes a request to Actions.
 *
 * @param parts - The tenant.
 * @param context - The request.
 * @param seen - Method, query and body as Actions may see them: without secrets.
 */
export function actionRequest(
  parts: TenantParts,
  context: Context<TenantEnv>,
  seen: Pick<ActionRequest, 'method' | 'query' | 'body'>,
): ActionRequest {
  const language = context.req.header('accept-language')
  const userAgent = context.req.header('user-agent')
  return {
    ...seen,
    ip: remoteAddress(context),
    hostname: new URL(doorFor(parts, context).origin).host,
    geoip: {},
    ...(language !== undefined && { language }),
    ...(userAgent !== undefined && { user_agent: userAgent }),
  }
}

/** Returns the IP address that a request came from. */
export function remoteAddress(context: Context<TenantEnv>): string {
  return context.env?.incoming?.socket.remoteAddress ?? '127.0.0.1'
}

/** Returns the domain that a request was sent to: the login domain or the canonical domain. */
export function doorFor(parts: TenantParts, context: Context<TenantEnv>): Door {
  return doorOf(parts.state, context.req.url)
}
