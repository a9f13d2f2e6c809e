/**
 * What middlewares, endpoints and server hand each other in a request's context.
 * @module
 */
import type { HttpBindings } from '@hono/node-server'
import type { LedgerEntry } from './model'

/** The hono environment of the tenant's applications. */
export interface TenantEnv {
  /** Node's own request and response; empty when a test calls `app.request()`. */
  Bindings: Partial<HttpBindings>
  Variables: {
    /** Set by an endpoint that changed users; the ledger shows it. */
    effect?: LedgerEntry['effect']
    /** Set by an endpoint that answers with a page of a list: items of the whole list. */
    total?: number
  }
}
