/**
 * The environment, read once and checked as a whole: every problem is reported together, by variable name.
 * @module
 */
import 'server-only'
import type { ConnectPolicy } from '../../core/rules/policy'
import { type LinkPolicy, POLICY_OPTIONS } from '../../core/rules/policy-options'
import { DEFAULT_BRAND_COLOR } from './brand'
import { crossChecks } from './cross-checks'
import { Environment } from './environment'
import type { MessageOverrides } from './message-overrides'
import { type Smtp, toSmtp } from './smtp'
import { isLoopback, type TenantDomain } from './tenant-domain'

/** A secret and the previous one, which is still accepted during a rotation. */
export interface RotatingSecret {
  current: string
  previous: string | undefined
}

/** A registered application of the tenant. */
export interface ClientCredentials {
  id: string
  secret: string
}

/** Where events or steps of an adoption go, and the key that signs them. */
export interface SigningWebhook {
  url: string
  /** `whsec_…` */
  secret: string
}

/** What the operator's variables say about the brand; the tenant says the rest. */
export interface OwnBrand {
  name: string | undefined
  /** A data URI, so that a document stays one request. */
  logo: string | undefined
  /** `#rrggbb`. */
  color: string | undefined
  supportUrl: string | undefined
}

/** Everything that the environment configures. */
export interface Config {
  /** Our own origin, without a slash at the end. */
  appBaseUrl: string
  /** Whether our origin is https; cookies are then `Secure` with the `__Host-` prefix. */
  isSecure: boolean
  /**
   * Whether browsers are told to stay with TLS. Not on loopback: a browser keeps that for the host, whatever the port, and could
   * not open what another program serves there without TLS.
   */
  isStrictTransport: boolean
  /** The login domain of the settings page, and of logins that name none: the first. */
  auth0Domain: TenantDomain
  /** Every login domain, which is what browsers see: the tenant's custom domains, the first among them. */
  loginDomains: TenantDomain[]
  /** The canonical domain: what servers call. */
  managementDomain: TenantDomain
  /** The application that people sign in to for the settings page. */
  sessionClient: ClientCredentials
  /** Key of the app's own sign-in session. */
  auth0Secret: string
  /** The application that proves accounts. */
  linkingClient: ClientCredentials
  /** The machine-to-machine application; undefined if another authority links. */
  managementClient: ClientCredentials | undefined
  /** Signs session and response tokens; shared with the Action. */
  sharedSecret: RotatingSecret
  /** Key of the linking flow's cookies, and of what is kept in the store. */
  flowSecret: RotatingSecret
  /** The store that all instances share; undefined if each uses its own memory. Holds a password. */
  redisUrl: string | undefined
  linkContract: Environment['LINK_CONTRACT']
  /** By whose token accounts are linked from the settings page. */
  linkingAuthority: Environment['LINKING_AUTHORITY']
  /** The operator's rules of linking. */
  policy: ConnectPolicy
  /** What the page offers to connect, as `connection-list` reads it; undefined: what the tenant has enabled. */
  connectConnections: string[] | undefined
  /** How long a sign-in counts as fresh, in seconds. */
  stepUpAge: number
  /** How long a link can be undone and its snapshot's metadata is kept, in seconds; 0: forever. */
  undoPeriod: number
  eventsWebhook: SigningWebhook | undefined
  /** The application that moves its own data with a link; undefined if there is none. */
  adoptionWebhook: SigningWebhook | undefined
  /** Whether events for the webhook carry addresses. */
  eventsIncludeEmail: boolean
  /** The server that sends mails to people; undefined if none are sent. Holds a password. */
  smtp: Smtp | undefined
  /** Bearer token with which the Action reports its links to us; undefined if it does not report them to us. */
  actionEventsSecret: string | undefined
  /** Bearer tokens with which background work is asked for; empty if it is not asked for by requests. */
  tasksSecrets: string[]
  /** The public client of the page that links in the browser alone; undefined if there is no such page. */
  browserLinkingClientId: string | undefined
  /** Whether metrics are exported; the collector's address and keys are OpenTelemetry's variables. */
  hasMetricsCollector: boolean
  ownBrand: OwnBrand
  /** The brand if neither the operator nor the tenant says it: the name is the host at which people sign in. */
  brandName: string
  /** A data URI, so that a document stays one request. */
  brandLogo: string | undefined
  /** `#rrggbb`. */
  brandColor: string
  /** The operator's own sentences; empty if there are none. */
  messageOverrides: MessageOverrides
  supportUrl: string
  restartUrl: string
  /** Whether links are offered at all; a switch in a shared store can turn them off as well. */
  isOfferOn: boolean
}

const DAY = 86_400
const NO_OVERRIDES: MessageOverrides = {}

/** The one problem of an environment in which no variable of ours is set. */
export const NOTHING_CONFIGURED =
  'Nothing is configured here. Run npm run provision -- apply, or copy .env.example to .env.local and fill it in.'

/**
 * Checks an environment as a whole.
 *
 * @param raw - Variables by name; an empty or blank value counts as absent.
 * @returns The configuration, or every problem, each beginning with the variable's name and free of values;
 *   {@link NOTHING_CONFIGURED} alone if none is set.
 */
export function parseConfig(
  raw: Record<string, string | undefined>,
): { config: Config } | { problems: string[] } {
  const environment = Object.fromEntries(Object.entries(raw).filter(([, value]) => value?.trim() !== ''))
  if (!Object.keys(Environment.shape).some((name) => name in environment))
    return { problems: [NOTHING_CONFIGURED] }
  const parsed = Environment.safeParse(environment)
  const problems = crossChecks(environment)
  if (!parsed.success)
    problems.unshift(...parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  if (!parsed.success || problems.length > 0) return { problems }
  return { config: toConfig(parsed.data) }
}

function toConfig(env: Environment): Config {
  const linkingClient = { id: env.LINKING_CLIENT_ID, secret: env.LINKING_CLIENT_SECRET }
  const [auth0Domain] = env.AUTH0_DOMAIN
  return {
    appBaseUrl: env.APP_BASE_URL,
    isSecure: env.APP_BASE_URL.startsWith('https:'),
    isStrictTransport: env.APP_BASE_URL.startsWith('https:') && !isLoopback(env.APP_BASE_URL),
    auth0Domain,
    loginDomains: env.AUTH0_DOMAIN,
    managementDomain: env.AUTH0_MANAGEMENT_DOMAIN ?? auth0Domain,
    // If the user's own token links, both of the user's tokens must be of one client.
    sessionClient:
      env.LINKING_AUTHORITY === 'user'
        ? linkingClient
        : (credentials(env.AUTH0_CLIENT_ID, env.AUTH0_CLIENT_SECRET) ?? linkingClient),
    auth0Secret: env.AUTH0_SECRET,
    linkingClient,
    managementClient: credentials(env.MANAGEMENT_API_CLIENT_ID, env.MANAGEMENT_API_CLIENT_SECRET),
    sharedSecret: {
      current: env.SESSION_TOKEN_SHARED_SECRET,
      previous: env.SESSION_TOKEN_SHARED_SECRET_PREVIOUS,
    },
    flowSecret: { current: env.FLOW_SECRET, previous: env.FLOW_SECRET_PREVIOUS },
    redisUrl: env.REDIS_URL,
    linkContract: env.LINK_CONTRACT,
    linkingAuthority: env.LINKING_AUTHORITY,
    policy: toPolicy(env),
    connectConnections: env.CONNECT_CONNECTIONS,
    stepUpAge: env.STEP_UP_MINUTES * 60,
    undoPeriod: env.UNDO_DAYS * DAY,
    eventsWebhook: signingWebhook(env.EVENTS_WEBHOOK_URL, env.EVENTS_WEBHOOK_SECRET),
    adoptionWebhook: signingWebhook(env.ADOPTION_URL, env.ADOPTION_SECRET),
    smtp: toSmtp(env.SMTP_URL, env.MAIL_FROM),
    eventsIncludeEmail: env.EVENTS_INCLUDE_EMAIL === '1',
    actionEventsSecret: env.ACTION_EVENTS_SECRET,
    tasksSecrets: [env.TASKS_SECRET, env.CRON_SECRET].filter((secret) => secret !== undefined),
    browserLinkingClientId: env.BROWSER_LINKING_CLIENT_ID,
    hasMetricsCollector: env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    ownBrand: {
      name: env.BRAND_NAME,
      logo: env.BRAND_LOGO,
      color: env.BRAND_COLOR,
      supportUrl: env.SUPPORT_URL,
    },
    brandName: env.BRAND_NAME ?? auth0Domain.host,
    brandLogo: env.BRAND_LOGO,
    brandColor: env.BRAND_COLOR ?? DEFAULT_BRAND_COLOR,
    supportUrl: env.SUPPORT_URL ?? env.RESTART_URL,
    messageOverrides: env.MESSAGES_OVERRIDES ?? NO_OVERRIDES,
    restartUrl: env.RESTART_URL,
    isOfferOn: env.OFFER === 'on',
  }
}

const credentials = (id: string | undefined, secret: string | undefined): ClientCredentials | undefined =>
  id && secret ? { id, secret } : undefined

const signingWebhook = (url: string | undefined, secret: string | undefined): SigningWebhook | undefined =>
  url && secret ? { url, secret } : undefined

/** The rules of linking: those of the table, and the one that holds on the page alone. */
function toPolicy(env: Environment): ConnectPolicy {
  const rules = Object.entries(POLICY_OPTIONS).map(([field, { name }]) => [field, env[name]])
  return { ...(Object.fromEntries(rules) as LinkPolicy), sameEmail: env.CONNECT_DIFFERENT_EMAIL === 'off' }
}

/** All problems of an environment, for the log of a process that does not start. */
export const problemsInWords = (problems: string[]): string =>
  problems[0] === NOTHING_CONFIGURED
    ? NOTHING_CONFIGURED
    : `The environment is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`

let parsedConfig: Config | undefined

/**
 * The configuration of this process. Read on first use, so that a build needs no environment.
 *
 * @throws {Error} One that lists every problem, by variable name and without values.
 */
export function config(): Config {
  if (!parsedConfig) {
    const result = parseConfig(process.env)
    if ('problems' in result) throw new Error(problemsInWords(result.problems))
    parsedConfig = result.config
  }
  return parsedConfig
}
