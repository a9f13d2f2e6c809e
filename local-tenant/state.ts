/**
 * The one mutable object of a running tenant, shared by all its endpoints.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { actionDate } from './actions/action-date'
import { startedActions } from './actions/started-actions'
import type { StoredAction, StoredBinding } from './actions/stored-action'
import { managementResourceServer } from './management/management-resource-server'
import type {
  ActionLog,
  ActiveFault,
  LedgerEntry,
  ListedTransaction,
  ReceivedEvent,
  SentCode,
  SentMail,
  StoredClient,
  StoredClientGrant,
  StoredConnection,
  StoredIdentity,
  StoredJob,
  StoredRefreshToken,
  StoredResourceServer,
  StoredRule,
  StoredSession,
  StoredUser,
} from './model'
import type { TenantSettings } from './settings'
import type { Signer } from './tokens'
import { changeOptions, defaultOptions, type OptionsChange, type TenantOptions } from './world/options'
import { demoClientGrants, demoClients, demoConnections, demoUsers } from './world/seed'
import { toStoredUser, type World, type WorldUser } from './world/world'
import { toStoredConnection } from './world/world-connection'
import { toStoredRule } from './world/world-rule'

/** The most characters of a line Auth0 keeps of what an Action logs. */
const LOG_LINE = 256

/** Everything a tenant knows. Endpoints read and change it directly. */
export class TenantState {
  users = new Map<string, StoredUser>()
  clients = new Map<string, StoredClient>()
  clientGrants: StoredClientGrant[] = []
  resourceServers: StoredResourceServer[] = []
  connections: StoredConnection[] = []
  rules: StoredRule[] = []
  actions = new Map<string, StoredAction>()
  /** The post-login trigger, in its order. */
  bindings: StoredBinding[] = []
  sessions = new Map<string, StoredSession>()
  /** Ids of sessions that were ended from outside: a login still under way does not bring them back. */
  endedSessions = new Set<string>()
  refreshTokens = new Map<string, StoredRefreshToken>()
  ledger: LedgerEntry[] = []
  faults: ActiveFault[] = []
  options: TenantOptions = defaultOptions()
  actionLogs: ActionLog[] = []
  sentCodes: SentCode[] = []
  sentMails: SentMail[] = []
  jobs = new Map<string, StoredJob>()
  /** What applications sent to the events webhook, in the order of arrival. */
  events: ReceivedEvent[] = []
  /** The users as they were after the last reset; for people to compare. */
  usersAtReset: StoredUser[] = []
  /** Ids of users that were linked into another since the last reset, with the id of that other. */
  linkedAway = new Map<string, string>()
  /** Seconds the tenant's clock is ahead of the machine's. */
  clockOffset = 0
  /** Suspended logins; set by whoever keeps them. */
  listTransactions: () => ListedTransaction[] = () => []
  /** HS256 key of the tokens between Action and service; kept across resets, overridden by `settings.secrets`. */
  readonly sharedSecret: string

  readonly #seededClients: StoredClient[]
  /** Ends that were asked for and have not come yet. */
  readonly #pendingEnds = new Set<NodeJS.Timeout>()
  readonly #resetHooks: (() => void)[] = []

  /**
   * @param settings - Where the tenant lives and what it starts with.
   * @param signer - The tenant's RS256 key.
   */
  constructor(
    readonly settings: TenantSettings,
    readonly signer: Signer,
  ) {
    const secret = () => randomBytes(32).toString('base64url')
    const { SESSION_TOKEN_SHARED_SECRET: given } = settings.secrets
    this.sharedSecret = typeof given === 'string' ? given : secret()
    this.#seededClients = demoClients(settings, secret)
    this.reset(settings.world)
  }

  /** The tenant's clock, in milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.clockOffset * 1000
  }

  /** Runs `hook` whenever the tenant is reset; for state kept elsewhere. */
  onReset(hook: () => void): void {
    this.#resetHooks.push(hook)
  }

  /**
   * Starts over: sessions, transactions, faults, ledger, logs and clock are cleared, options take their defaults.
   *
   * @param world - What it leaves out, all of it by default, is taken from the demo world.
   * @throws {Error} When a user's first identity is not the one its `user_id` names, or two users share an identity;
   *   nothing is changed then.
   */
  reset(world: World = {}): void {
    const connections = (world.connections ?? demoConnections()).map(toStoredConnection)
    const users = (world.users ?? demoUsers()).map((user) => toStoredUser(user, connections, Date.now()))
    assertDistinct(users)

    this.connections = connections
    this.rules = (world.rules ?? []).map(toStoredRule)
    this.users = new Map(users.map((user) => [user.user_id, user]))
    this.usersAtReset = structuredClone(users)
    this.clients = new Map(this.#seededClients.map((client) => [client.client_id, structuredClone(client)]))
    this.clientGrants = structuredClone(demoClientGrants(this.settings))
    this.resourceServers = [managementResourceServer(`${this.settings.canonicalOrigin}/api/v2/`)]
    this.startActions()
    this.options = changeOptions(defaultOptions(), world.options ?? {})
    for (const kept of [this.sessions, this.endedSessions, this.refreshTokens, this.linkedAway]) kept.clear()
    this.ledger = []
    this.faults = []
    this.actionLogs = []
    this.sentCodes = []
    this.sentMails = []
    this.jobs.clear()
    this.events = []
    this.clockOffset = 0
    for (const timer of this.#pendingEnds) clearTimeout(timer)
    this.#pendingEnds.clear()
    for (const hook of this.#resetHooks) hook()
  }

  /** Has the Actions of the settings, and no others, deployed and bound. */
  startActions(): void {
    const { actions, bindings } = startedActions(this.settings.actions, actionDate(Date.now()))
    this.actions = new Map(actions.map((action) => [action.id, action]))
    this.bindings = bindings
  }

  /** Does `end` once `options.ending_delay_ms` are over, at once if there is no delay, and not at all after a reset. */
  endLater(end: () => void): void {
    const delay = this.options.ending_delay_ms
    if (delay === 0) {
      end()
      return
    }
    const timer = setTimeout(() => {
      this.#pendingEnds.delete(timer)
      end()
    }, delay)
    // What is still to end must not keep a tenant alive that is being closed.
    timer.unref()
    this.#pendingEnds.add(timer)
  }

  /** Changes the options that `change` names. */
  changeOptions(change: OptionsChange): void {
    this.options = changeOptions(this.options, change)
  }

  /**
   * Finds the user that holds an identity, as its own or linked.
   *
   * @param provider - The identity's provider.
   * @param id - Its raw id, which may hold bars.
   */
  findUserByIdentity(provider: string, id: string): StoredUser | undefined {
    return [...this.users.values()].find((user) =>
      user.identities.some((identity) => identity.provider === provider && identity.user_id === id),
    )
  }

  /**
   * Finds the account of a connection that has an address, also when it is linked into another user.
   *
   * @param connection - Name of a database or passwordless connection.
   * @param email - Compared in lower case, as those connections store it.
   * @returns The user that holds the identity, the identity, and its password if it has one.
   */
  findAccount(
    connection: string,
    email: string,
  ): { user: StoredUser; identity: StoredIdentity; password: string | undefined } | undefined {
    const wanted = email.toLowerCase()
    for (const user of this.users.values()) {
      for (const [index, identity] of user.identities.entries()) {
        const profile = index === 0 ? user : identity.profileData
        if (identity.connection !== connection || profile?.email !== wanted) continue
        return { user, identity, password: index === 0 ? user.password : identity.password }
      }
    }
    return undefined
  }

  /**
   * Adds a user.
   *
   * @param input - As in a world; what is left out is completed as there.
   * @throws {Error} When its first identity is not the one its `user_id` names, or an identity of it is taken.
   */
  createUser(input: WorldUser): StoredUser {
    const user = toStoredUser(input, this.connections, this.now())
    assertDistinct([...this.users.values(), user])
    this.users.set(user.user_id, user)
    return user
  }

  /** The audiences that mean the Management API: the canonical one, and its spelling with the login domain. */
  managementAudiences(): string[] {
    return [`${this.settings.canonicalOrigin}/api/v2/`, `${this.settings.loginOrigin}/api/v2/`]
  }

  /** The secrets of every Action that the tenant was started with. */
  actionSecrets(): Record<string, string> {
    return {
      MANAGEMENT_API_DOMAIN: new URL(this.settings.canonicalOrigin).host,
      MANAGEMENT_API_CLIENT_ID: 'linking-m2m',
      MANAGEMENT_API_CLIENT_SECRET: this.clients.get('linking-m2m')?.client_secret ?? '',
      SESSION_TOKEN_SHARED_SECRET: this.sharedSecret,
      ACCOUNT_LINKING_SERVICE_URL: `${this.settings.appOrigin}/link`,
      ...this.#givenSecrets(),
    }
  }

  /** The secrets that were given, an application that is not there yet has neither id nor secret. */
  #givenSecrets(): Record<string, string> {
    const clients = [...this.clients.values()]
    const find = (named: string) => clients.find(({ client_id: id, name }) => id === named || name === named)
    const entries = Object.entries(this.settings.secrets).map(([name, secret]): [string, string] => {
      if (typeof secret === 'string') return [name, secret]
      if ('id_of' in secret) return [name, find(secret.id_of)?.client_id ?? '']
      return [name, find(secret.secret_of)?.client_secret ?? '']
    })
    return Object.fromEntries(entries)
  }

  /** Keeps a line an Action logged, cut where Auth0 cuts it. */
  logAction(entry: ActionLog): void {
    this.actionLogs.push({ ...entry, line: entry.line.slice(0, LOG_LINE) })
  }
}

function assertDistinct(users: StoredUser[]): void {
  const seen = new Set<string>()
  for (const identity of users.flatMap((user) => user.identities)) {
    const id = `${identity.provider}|${identity.user_id}`
    if (seen.has(id)) throw new Error(`identity ${id} is there twice`)
    seen.add(id)
  }
}
