/**
 * The request context that the server, middleware and endpoints share.
 * @module
 */
import type { HttpBindings } from '@hono/node-server'
import type { LedgerEntry } from './control/records'

/** The hono environment of the tenant's applications. */
export interface TenantEnv {
  /** Node's request and response. Empty if a test calls `app.request()`. */
  Bindings: Partial<HttpBindings>
  Variables: {
    /** Endpoints that change users set it, and the ledger shows it. */
    effect?: LedgerEntry['effect']
    /** Endpoints that return one page of a list set it to the number of items of the whole list. */
    total?: number
  }
}
