/**
 * Reads all facts for the checks. Changes nothing.
 * @module
 */
import { ManagementClient } from 'auth0'
import { requestToken } from '../../lib/auth0/request-token'
import type { Config } from '../../lib/config/config'
import type { TenantDomain } from '../../lib/config/tenant-domain'
import { tokenFor } from '../shared/connect'
import { OperatorError } from '../shared/operator-error'
import { isIssuer } from '../shared/service'
import type { Access } from '../shared/settings'
import { readActions, readApis, readBindings, readEventStreams } from '../shared/tenant-reads'
import { examineAdoption } from './adoption'
import { readBrandFacts } from './brand'
import { isClientSecretAccepted } from './client-secret'
import { readClockOffset } from './clock'
import { readConnectionFacts, readRules } from './connection-facts'
import type { InstallationFacts } from './facts'
import { fixOf } from './fix-of'
import { examineMail } from './mail'
import { readRedisFacts } from './redis'
import { type OwnAccess, readOrganizations, readProfiles } from './rights-facts'
import { examineService } from './service'
import { readWholeClients } from './whole-clients'

/** How often an API call is retried after a 429 or a 5xx. */
const MAX_RETRIES = 6
/** Longest wait for a response, in milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000
/** What to do if the command's credentials lack a scope. */
const SCOPE_FIX = 'Run the command with the credentials of an application that has this scope.'

/** What to do if the service's own credentials lack a scope. */
const OWN_SCOPE_FIX = 'Run npm run provision -- apply.'

/** What to examine, and the credentials for that. */
export interface Subject extends Pick<InstallationFacts, 'config' | 'desired' | 'fingerprints'> {
  credentials: Access['credentials']
}

/** A Management API client of a tenant, used for reading only. */
export interface Reader {
  api: ManagementClient
  token: string
  /** Origin of the Management API, without a slash at the end. */
  origin: string
}

/**
 * Obtains a token and creates the Management API client.
 *
 * @throws {OperatorError} `tenant_unreachable` or `not_authorized`.
 */
export async function openReader({ config, credentials }: Subject): Promise<Reader> {
  const { auth0Domain: login, managementDomain: management } = config
  const token = await tokenFor({ login, management, credentials })
  return {
    api: new ManagementClient({ domain: management.host, token, maxRetries: MAX_RETRIES, telemetry: false }),
    token,
    origin: management.origin,
  }
}

/**
 * Gathers the facts. What cannot be read becomes an entry of `unread`.
 *
 * @param mailTo - The email address for a test mail; undefined to send none.
 * @throws {OperatorError} `not_authorized` if the tenant refuses the token.
 */
export async function gather(
  subject: Subject,
  { api, token }: Reader,
  mailTo?: string,
): Promise<InstallationFacts> {
  const { config, desired, fingerprints } = subject
  const { auth0Domain: login, managementDomain: management } = config
  const unread: InstallationFacts['unread'] = []
  const read = async <Answer>(
    what: string,
    call: Promise<Answer>,
    forScope = SCOPE_FIX,
  ): Promise<Answer | undefined> => {
    try {
      return await call
    } catch (error) {
      if (!(error instanceof OperatorError) || error.code === 'not_authorized') throw error
      unread.push({ what, reason: error.message, fix: fixOf(error, forScope) })
      return undefined
    }
  }
  const look = await fetch(`${management.origin}/api/v2/clients?per_page=1&page=0`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  }).catch(() => undefined)
  const clock = look && readClockOffset(look)
  const burst = Number(look?.headers.get('x-ratelimit-limit') ?? Number.NaN)
  const connections = await read('connections', readConnectionFacts(api))
  if (connections?.unread) unread.push(...connections.unread)
  const { redisUrl } = config
  const redis = redisUrl === undefined ? undefined : await readRedisFacts(redisUrl)
  if (redisUrl !== undefined && !redis)
    unread.push({
      what: 'Redis',
      reason: 'It does not answer here.',
      fix: 'Run the command where REDIS_URL can be reached, or look there: maxmemory-policy noeviction, version 6.2 or later.',
    })
  const { ownAccess, ...ofService } = await asService(config)
  const isCarried = desired.rights.memberships.includes('carry')
  return {
    config,
    desired,
    fingerprints,
    wrongLoginIssuers: await wrongIssuers(config.loginDomains),
    isCanonicalIssuer: await isIssuer(management.origin),
    clock,
    burst: Number.isNaN(burst) ? undefined : burst,
    ...ofService,
    isClientSecretAccepted: {
      settings: await isClientSecretAccepted(login.origin, config.sessionClient),
      proof: await isClientSecretAccepted(login.origin, config.linkingClient),
    },
    service: await examineService(config),
    redis,
    adoption: config.adoptionWebhook && (await examineAdoption(config.adoptionWebhook)),
    eventStreams:
      config.auth0EventsSecret === undefined ? undefined : await read('event streams', readEventStreams(api)),
    mail: config.smtp && (await examineMail(config.smtp, mailTo)),
    clients: await read('applications', readWholeClients(api)),
    apis: desired.api && (await read('APIs', readApis(api))),
    connections: connections?.connections,
    organizations:
      ownAccess && isCarried
        ? await read('organizations', readOrganizations(ownAccess), OWN_SCOPE_FIX)
        : undefined,
    profiles: ownAccess && (await read('sizes of profiles', readProfiles(ownAccess), OWN_SCOPE_FIX)),
    actions: await read('Actions', readActions(api)),
    bindings: await read('the post-login trigger', readBindings(api)),
    rules: await read('Rules', readRules(api)),
    unread,
  }
}

async function wrongIssuers(domains: TenantDomain[]): Promise<string[]> {
  const isRight = await Promise.all(domains.map(({ origin }) => isIssuer(origin)))
  return domains.filter((_domain, index) => !isRight[index]).map(({ issuer }) => issuer)
}

/** The scopes of the service's own credentials, the brand that they can read, and access for further reads with them. */
interface AsService extends Pick<InstallationFacts, 'granted' | 'brand'> {
  ownAccess?: OwnAccess
}

async function asService(config: Config): Promise<AsService> {
  const { linkingAuthority, linkingClient, managementClient, auth0Domain, managementDomain } = config
  const isLinkingClient = linkingAuthority === 'linking-client'
  const client = isLinkingClient ? linkingClient : managementClient
  if (!client) return { granted: undefined, brand: undefined }
  const { origin } = isLinkingClient ? auth0Domain : managementDomain
  const answer = await requestToken({
    name: 'doctor',
    origin,
    audience: `${managementDomain.origin}/api/v2/`,
    clientId: client.id,
    clientSecret: client.secret,
  })
  if (!('token' in answer)) return { granted: { status: answer.status }, brand: undefined }
  const { value: token, scopes } = answer.token
  const brand = await readBrandFacts(config, { origin, token, scopes })
  const ownAccess = { baseUrl: `${origin}/api/v2`, token, maxRetries: MAX_RETRIES }
  return { granted: { scopes }, brand, ownAccess }
}
