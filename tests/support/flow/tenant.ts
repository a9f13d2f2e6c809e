import type { FlowDemo } from './demo'
import { assertPublished } from './published-event'

/** A request in the ledger: the list of all requests that the tenant received since its reset. */
export interface LedgerCall {
  n: number
  method: string
  path: string
  query: unknown
  body: unknown
  client_id: string | null
  status: number
  effect: string | null
}

/** A user in the export of the tenant's world (everything that it stores). */
export interface WorldUser {
  user_id: string
  email?: string
  email_verified?: boolean
  blocked?: boolean
  created_at?: string
  user_metadata?: Record<string, unknown>
  app_metadata?: Record<string, unknown>
  identities: { provider: string; user_id: string; connection: string }[]
}

/** A session in the tenant's export. */
export interface OpenSession {
  id: string
  user_id: string
  /** Seconds since the epoch. */
  auth_time: number
}

/** A connection in the tenant's export. */
export interface WorldConnection {
  name: string
  strategy: string
}

/** A login that waits for the linking service. */
export interface WaitingLogin {
  state: string
  sub: string
  client_id: string
  session_token: string
}

/** A mail that the tenant's sink received. */
export interface SinkMail {
  to: string
  from: string
  subject: string
  text: string
  html: string
  headers: Record<string, string>
}

/** An attempt to deliver an event of an event stream. */
export interface Delivery {
  event_id: string
  type: string
  user_id: string
  attempt: number
  status: number
}

/** Matches paths of Management API calls, except those for sessions and refresh tokens. */
export const EXCEPT_SESSIONS = /^\/api\/v2\/(?!.*(sessions|refresh-tokens))/

/** A client for the control API of a local tenant. */
export class FlowTenant {
  constructor(private readonly demo: Pick<FlowDemo, 'tenant'>) {}

  /** Checks that all events so far match the published schema, then resets the tenant to a world, by default the demo's. */
  reset = async (world: object = {}) => {
    const events = await this.get<{ headers: Record<string, string>; body: unknown }[]>('events')
    for (const { headers, body } of events) if (headers['webhook-signature']) assertPublished(body)
    return this.post('reset', world)
  }
  options = (options: object) => this.post('options', options)
  faults = (...rules: object[]) => this.post('faults', rules)
  mend = () => fetch(`${this.demo.tenant}/_tenant/faults`, { method: 'DELETE' })
  clock = (offset_seconds: number) => this.post('clock', { offset_seconds })
  mails = () => this.get<SinkMail[]>('mails')
  deliveries = () => this.get<Delivery[]>('deliveries')
  transactions = () => this.get<WaitingLogin[]>('transactions')
  world = () => this.get<{ users: WorldUser[] }>('world')
  connections = async () => (await this.get<{ connections: WorldConnection[] }>('world')).connections

  /** Signs a JWT with any claims and header. */
  async mint(claims: unknown, header: object = {}, key: unknown = 'shared'): Promise<string> {
    return (await this.post<{ token: string }>('mint', { claims, header, key })).token
  }

  /** Signs a text as the payload of a JWT, with the shared secret. */
  async mintText(payload: string): Promise<string> {
    return (await this.post<{ token: string }>('mint', { payload })).token
  }

  /** Reads a user; undefined if no user has that id. */
  async user(id: string): Promise<WorldUser | undefined> {
    return (await this.world()).users.find(({ user_id }) => user_id === id)
  }

  /** Creates sessions and refresh tokens of a user without sign-ins. */
  openSessions = (user_id: string, count: number, refresh_tokens = 0) =>
    this.post<{ sessions: string[]; refresh_tokens: string[] }>('sessions', {
      user_id,
      count,
      refresh_tokens,
    })

  /** Every session in the tenant. */
  sessions = async () => (await this.get<{ sessions: OpenSession[] }>('world')).sessions

  /** Waits until the user's `account_linking` metadata lists no sessions that still have to end. */
  async ended(id: string, ms = 10_000): Promise<void> {
    const until = Date.now() + ms
    for (;;) {
      const marks = (await this.user(id))?.app_metadata?.account_linking as { ending?: unknown } | undefined
      if (!marks?.ending) return
      if (Date.now() > until) throw new Error(`${id} still has ${JSON.stringify(marks.ending)}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  /** Every request that the tenant received since the reset. */
  ledger = () => this.get<LedgerCall[]>('ledger')

  /** A Management API token like those that the machine-to-machine application receives. */
  managementToken(scope: string): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: `${this.demo.tenant}/`,
      aud: `${this.demo.tenant}/api/v2/`,
      sub: 'admin@clients',
      azp: 'linking-m2m',
      scope,
      iat: now,
      exp: now + 60,
    }
    return this.mint(claims, {}, 'tenant')
  }

  /** Changes a user through the Management API, as an administrator would. */
  async administer(
    method: 'PATCH' | 'DELETE' | 'POST',
    userId: string,
    body?: object,
    below = '',
  ): Promise<void> {
    const token = await this.managementToken('update:users update:users_app_metadata delete:users')
    const response = await fetch(`${this.demo.tenant}/api/v2/users/${encodeURIComponent(userId)}${below}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok)
      throw new Error(`the Management API answered ${response.status}: ${await response.text()}`)
  }

  /** The requests with a matching path, by default Management API calls, as `METHOD path status`. */
  async calls(path = /^\/api\/v2\//): Promise<string[]> {
    const calls = (await this.ledger()).filter((call) => path.test(call.path))
    return calls.map(({ method, path: at, status }) => `${method} ${decodeURIComponent(at)} ${status}`)
  }

  /** The requests that changed users, as `effect path`. */
  async writes(): Promise<string[]> {
    return (await this.ledger()).flatMap(({ effect, path }) =>
      effect ? [`${effect} ${decodeURIComponent(path)}`] : [],
    )
  }

  private async get<Result>(call: string): Promise<Result> {
    return read(await fetch(`${this.demo.tenant}/_tenant/${call}`))
  }

  private async post<Result>(call: string, body: unknown): Promise<Result> {
    return read(
      await fetch(`${this.demo.tenant}/_tenant/${call}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    )
  }
}

async function read<Result>(response: Response): Promise<Result> {
  if (!response.ok) throw new Error(`the control API answered ${response.status}: ${await response.text()}`)
  return response.json() as Promise<Result>
}
