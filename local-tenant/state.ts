/**
 * The mutable state of a running tenant, which all its endpoints share.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { actionDate } from './actions/action-date'
import { startedActions } from './actions/started-actions'
import type { StoredAction, StoredBinding } from './actions/stored-action'
import type {
  ActionLog,
  ActiveFault,
  Delivery,
  LedgerEntry,
  ListedSuspendedLogin,
  ReceivedEvent,
  ReceivedMail,
  SentCode,
  SentMail,
} from './control/records'
import { type EventType, type StoredEventStream, streamToApplication } from './management/event-stream'
import type { StoredExport } from './management/export-job'
import { managementResourceServer } from './management/management-resource-server'
import type {
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
import type { EnrollmentTicket, StoredRole } from './rights-model'
import type { TenantSettings } from './settings'
import type { Signer } from './tokens'
import { type StoredBrand, toStoredBrand } from './world/brand'
import { demoUsers } from './world/demo-users'
import { changeOptions, defaultOptions, type OptionsChange, type TenantOptions } from './world/options'
import { demoClientGrants, demoClients, demoConnections, demoResourceServers, demoRoles } from './world/seed'
import { toStoredUser, type World, type WorldUser } from './world/world'
import { toStoredConnection } from './world/world-connection'
import { addHeldPermissions, assertNamesExist, keepExistingNames, toStoredRole } from './world/world-rights'
import { toStoredRule } from './world/world-rule'

/** How many characters Auth0 keeps of a line that an Action logs. */
const MAX_LOG_LINE_LENGTH = 256

/** The state of a tenant. Endpoints read and change it directly. */
export class TenantState {
  users = new Map<string, StoredUser>()
  clients = new Map<string, StoredClient>()
  clientGrants: StoredClientGrant[] = []
  resourceServers: StoredResourceServer[] = []
  connections: StoredConnection[] = []
  rules: StoredRule[] = []
  roles: StoredRole[] = []
  /** The tenant's names, logos and colors, and its organizations. */
  brand: StoredBrand
  actions = new Map<string, StoredAction>()
  /** The bindings of the post-login trigger, in order. */
  bindings: StoredBinding[] = []
  sessions = new Map<string, StoredSession>()
  /** Ids of sessions that the Management API ended. A login that is still under way must not bring them back. */
  endedSessions = new Set<string>()
  refreshTokens = new Map<string, StoredRefreshToken>()
  ledger: LedgerEntry[] = []
  faults: ActiveFault[] = []
  options: TenantOptions = defaultOptions()
  actionLogs: ActionLog[] = []
  sentCodes: SentCode[] = []
  sentMails: SentMail[] = []
  jobs = new Map<string, StoredJob>()
  enrollmentTickets = new Map<string, EnrollmentTicket>()
  exports = new Map<string, StoredExport>()
  /** Events that the webhook received, in order of arrival. */
  events: ReceivedEvent[] = []
  adoptions: ReceivedEvent[] = []
  /** Mails that the SMTP sink received. */
  mails: ReceivedMail[] = []
  eventStreams: StoredEventStream[] = []
  /** Attempts to deliver events of the streams, in order. */
  deliveries: Delivery[] = []
  /** The users as they were after the last reset. The inspector compares them with the current users. */
  usersAtReset: StoredUser[] = []
  /**
   * Maps the id of each user that was linked into another one since the last reset to the id of the other user. Unlinking
   * removes the entry.
   */
  linkedAway = new Map<string, string>()
  /** How far the tenant's clock is ahead of the machine's, in seconds. */
  clockOffset = 0
  /** Lists suspended logins. The class `Transactions`, which stores them, sets this function. */
  listTransactions: () => ListedSuspendedLogin[] = () => []
  /** Sends an event about a user, as it is now, to the event streams. `startEventStreams` sets this function. */
  publish: (type: EventType, user: StoredUser) => void = () => undefined
  /** The HS256 key of session tokens and response tokens. A reset keeps it. `settings.secrets` can set it. */
  readonly sharedSecret: string

  readonly #seededClients: StoredClient[]
  /** The pending timers of `endLater`. */
  readonly #pendingEnds = new Set<NodeJS.Timeout>()
  readonly #resetHooks: (() => void)[] = []

  /**
   * @param settings - The tenant's origins and what it starts with.
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
    this.brand = toStoredBrand({}, `${settings.otherOrigin}/`)
    this.reset(settings.world)
  }

  /** Returns the time of the tenant's clock, in milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.clockOffset * 1000
  }

  /** Runs `hook` at every reset, so that state outside of this class can be reset too. */
  onReset(hook: () => void): void {
    this.#resetHooks.push(hook)
  }

  /**
   * Resets the tenant: loads a world, restores the clients, APIs and Actions of the start, and clears sessions,
   * transactions, faults, ledger, logs and clock. Options that the world leaves out get their defaults.
   *
   * @param world - The world to load. Parts that it leaves out are taken from the demo world.
   * @throws {Error} If a user's first identity is not the one that its `user_id` names, if two users share an identity, or
   *   if a user has a role or an organization that the world does not have. Then nothing is changed.
   */
  reset(world: World = {}): void {
    const connections = (world.connections ?? demoConnections()).map(toStoredConnection)
    const users = (world.users ?? demoUsers(this.settings.appOrigin)).map((user) =>
      toStoredUser(user, connections, Date.now()),
    )
    assertDistinct(users)
    const roles = (world.roles ?? demoRoles()).map(toStoredRole)
    const brand = toStoredBrand(world, `${this.settings.otherOrigin}/`)
    if (world.users) assertNamesExist(users, roles, brand.organizations)
    else keepExistingNames(users, roles, brand.organizations)

    this.connections = connections
    this.rules = (world.rules ?? []).map(toStoredRule)
    this.roles = roles
    this.brand = brand
    this.users = new Map(users.map((user) => [user.user_id, user]))
    this.usersAtReset = structuredClone(users)
    this.clients = new Map(this.#seededClients.map((client) => [client.client_id, structuredClone(client)]))
    this.clientGrants = structuredClone(demoClientGrants(this.settings))
    this.resourceServers = [
      managementResourceServer(`${this.settings.canonicalOrigin}/api/v2/`),
      ...demoResourceServers(this.settings),
    ]
    addHeldPermissions(this.resourceServers, users)
    this.startActions()
    this.options = changeOptions(defaultOptions(), world.options ?? {})
    for (const kept of [this.sessions, this.endedSessions, this.refreshTokens, this.linkedAway]) kept.clear()
    this.ledger = []
    this.faults = []
    this.actionLogs = []
    this.sentCodes = []
    this.sentMails = []
    this.jobs.clear()
    this.enrollmentTickets.clear()
    this.exports.clear()
    this.events = []
    this.adoptions = []
    const { appOrigin, eventStreamToken: token } = this.settings
    this.eventStreams = token === undefined ? [] : [streamToApplication(appOrigin, token)]
    this.deliveries = []
    this.mails = []
    this.clockOffset = 0
    for (const timer of this.#pendingEnds) clearTimeout(timer)
    this.#pendingEnds.clear()
    for (const hook of this.#resetHooks) hook()
  }

  /** Deploys and binds the Actions of the settings, and removes all others. */
  startActions(): void {
    const { actions, bindings } = startedActions(this.settings.actions, actionDate(Date.now()))
    this.actions = new Map(actions.map((action) => [action.id, action]))
    this.bindings = bindings
  }

  /** Calls `end` after `options.ending_delay_ms` milliseconds: at once if that is 0, never if the tenant is reset before. */
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
    // A pending timer must not keep the process alive when the tenant is closed.
    timer.unref()
    this.#pendingEnds.add(timer)
  }

  /** Changes the options that `change` names. */
  changeOptions(change: OptionsChange): void {
    this.options = changeOptions(this.options, change)
  }

  /**
   * Finds the user that has an identity, either as its own first one or as a linked one.
   *
   * @param provider - The identity's provider.
   * @param id - The identity's id without the provider. It may contain bars.
   */
  findUserByIdentity(provider: string, id: string): StoredUser | undefined {
    const holds = (user: StoredUser | undefined) =>
      user?.identities.some((identity) => identity.provider === provider && identity.user_id === id)
    // Look for the user with this id first, because most identities are their user's own. With many users, looking at each
    // of them takes milliseconds.
    const own = this.users.get(`${provider}|${id}`)
    if (holds(own)) return own
    for (const user of this.users.values()) if (holds(user)) return user
    return undefined
  }

  /**
   * Finds the account that has an email address in a connection, even if that account is linked into another user.
   *
   * @param connection - Name of a database or passwordless connection.
   * @param email - The email address. It is compared in lower case, because such connections store it in lower case.
   * @returns The user that has the account's identity, that identity, and its password if it has one.
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
   * Adds a user, and sends the event `user.created`.
   *
   * @param input - A user in the form of the world JSON (`world/world.ts`), with the same defaults.
   * @throws {Error} If its first identity is not the one that its `user_id` names, or if another user has one of its
   *   identities.
   */
  createUser(input: WorldUser): StoredUser {
    const user = toStoredUser(input, this.connections, this.now())
    assertDistinct([user])
    for (const { provider, user_id: id } of user.identities) {
      if (this.findUserByIdentity(provider, id)) throw new Error(`identity ${provider}|${id} appears twice`)
    }
    this.users.set(user.user_id, user)
    this.publish('user.created', user)
    return user
  }

  /** Returns the audiences of the Management API: one with the canonical domain, and one with the login domain. */
  managementAudiences(): string[] {
    return [`${this.settings.canonicalOrigin}/api/v2/`, `${this.settings.loginOrigin}/api/v2/`]
  }

  /** Returns the secrets that every Action of `settings.actions` gets. */
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

  /**
   * Returns `settings.secrets` with their references resolved. A reference to an application that does not exist yet becomes
   * an empty string.
   */
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

  /** Stores a line that an Action logged, cut to the length that Auth0 keeps. */
  logAction(entry: ActionLog): void {
    this.actionLogs.push({ ...entry, line: entry.line.slice(0, MAX_LOG_LINE_LENGTH) })
  }
}

function assertDistinct(users: StoredUser[]): void {
  const seen = new Set<string>()
  for (const identity of users.flatMap((user) => user.identities)) {
    const id = `${identity.provider}|${identity.user_id}`
    if (seen.has(id)) throw new Error(`identity ${id} appears twice`)
    seen.add(id)
  }
}
