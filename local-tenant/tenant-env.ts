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
    /** What the request changed. Endpoints set it, and the ledger shows it. */
    effect?: LedgerEntry['effect']
    /**
     * The number of items of a whole list. Endpoints that return one page of the list set it; the header `link` is made from
     * it.
     */
    total?: number
  }
}
