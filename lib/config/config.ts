/**
 * Reads the environment once and checks it as a whole. All problems are reported together, by variable name.
 * @module
 */
import 'server-only'
import type { ConnectPolicy } from '../../core/rules/policy'
import { type LinkPolicy, POLICY_OPTIONS } from '../../core/rules/policy-options'
import { DEFAULT_BRAND_COLOR } from './brand'
import { crossChecks } from './cross-checks'
import { Environment } from './environment'
import type { MessageOverrides } from './message-overrides'
import { parseSmtpSettings, type Smtp } from './smtp'
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

/** The URL that receives events, or the steps of an adoption, and the key that signs them. */
export interface SigningWebhook {
  url: string
  /** `whsec_…` */
  secret: string
}

/** The parts of the brand that the operator's variables set. The rest comes from the tenant. */
export interface OwnBrand {
  name: string | undefined
  /** A data URI, so that a document needs only one request. */
  logo: string | undefined
  /** `#rrggbb`. */
  color: string | undefined
  supportUrl: string | undefined
}

/** Who may use the console for operators, besides those with its permission. */
export interface ConsoleSettings {
  /** User ids of operators who need no permission. */
  subjects: string[]
  /** Whether operators must sign in with a second factor. */
  isFactorRequired: boolean
}

/** Everything that the environment configures. */
export interface Config {
  /** Our own origin, without a slash at the end. */
  appBaseUrl: string
  /** Whether our origin is https; cookies are then `Secure` with the `__Host-` prefix. */
  isSecure: boolean
  /**
   * Whether we send `Strict-Transport-Security`. Not on loopback: browsers apply that header to every port of the host, and could
   * then not open other programs there that serve without TLS.
   */
  isStrictTransport: boolean
  /** The first login domain: used by the settings page, and by logins that name no other. */
  auth0Domain: TenantDomain
  /** All domains at which people sign in, {@link auth0Domain} first: the tenant's custom domains, or its canonical one. */
  loginDomains: TenantDomain[]
  /** The tenant's canonical domain, for the Management API. */
  managementDomain: TenantDomain
  /** The application that people sign in to for the settings page. */
  sessionClient: ClientCredentials
  /** Key of the app's own sign-in session. */
  auth0Secret: string
  /** The linking client: the application with which people sign in to prove that an account is theirs. */
  linkingClient: ClientCredentials
  /** The machine-to-machine application; undefined if `LINKING_AUTHORITY` is not `m2m` and none is set. */
  managementClient: ClientCredentials | undefined
  /** Signs session and response tokens; shared with the Action. */
  sharedSecret: RotatingSecret
  /** Encrypts the linking flow's cookies and the values in the store. */
  flowSecret: RotatingSecret
  /** URL of the Redis that all instances share; undefined if each instance uses its own memory. It may hold a password. */
  redisUrl: string | undefined
  /** `strict` accepts session tokens of this project's Action only, `documented` also those of Auth0's published Actions. */
  linkContract: Environment['LINK_CONTRACT']
  /** By whose token accounts are linked from the settings page. */
  linkingAuthority: Environment['LINKING_AUTHORITY']
  /** The operator's rules for linking. */
  policy: ConnectPolicy
  /**
   * The providers and connections that the settings page offers, as entries for `connection-list`. Undefined if it offers all
   * connections that are enabled for the linking client.
   */
  connectConnections: string[] | undefined
  /** How long a sign-in counts as fresh, in seconds. */
  stepUpAge: number
  /** How long a link can be undone and the metadata of its snapshot is kept, in seconds. 0 means forever. */
  undoPeriod: number
  eventsWebhook: SigningWebhook | undefined
  /** The application that is asked before each link, so that it can move its own data; undefined if there is none. */
  adoptionWebhook: SigningWebhook | undefined
  /** Whether events for the webhook and the stream in Redis carry email addresses. */
  eventsIncludeEmail: boolean
  /** The server that sends mails to people; undefined if none are sent. It holds a password. */
  smtp: Smtp | undefined
  /** Bearer token that the Action sends to `POST /events`; undefined if there is no such route. */
  actionEventsSecret: string | undefined
  /** Bearer token that Auth0's event stream sends to `POST /auth0-events`; undefined if there is no such route. */
  auth0EventsSecret: string | undefined
  /** Bearer tokens that `/tasks/drain` accepts; empty if there is no such route. */
  tasksSecrets: string[]
  /** The public client of the page that links in the browser alone; undefined if there is no such page. */
  browserLinkingClientId: string | undefined
  /** Whether metrics are exported. OpenTelemetry's own variables set the collector's URL and keys. */
  hasMetricsCollector: boolean
  ownBrand: OwnBrand
  /** `BRAND_NAME`, or the host of the first login domain, for a brand to which no source gives a name. */
  brandName: string
  /** A data URI, so that a document needs only one request. */
  brandLogo: string | undefined
  /** `#rrggbb`. */
  brandColor: string
  /** The operator's own sentences; empty if there are none. */
  messageOverrides: MessageOverrides
  supportUrl: string
  restartUrl: string
  /** Whether an operator may link accounts that no one has proven. */
  areOperatorLinksOn: boolean
  /** The console for operators; undefined if there is none. */
  console: ConsoleSettings | undefined
  /** Whether links are offered at all. A switch in the shared store can turn offers off too. */
  isOfferOn: boolean
}

const DAY = 86_400
const NO_OVERRIDES: MessageOverrides = {}

/** The only problem reported if none of our variables is set. */
export const NOTHING_CONFIGURED =
  'Nothing is configured here. Run npm run provision -- apply, or copy .env.example to .env.local and fill it in.'

/**
 * Checks an environment as a whole.
 *
 * @param raw - Variables by name. An empty or blank value counts as absent.
 * @returns The configuration, or all problems. Each problem begins with the variable's name and never contains its value. If none
 *   of our variables is set, the only problem is {@link NOTHING_CONFIGURED}.
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
    // With `user`, the person's access token links and an ID token proves the other account. Both must be of the same client.
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
    smtp: parseSmtpSettings(env.SMTP_URL, env.MAIL_FROM),
    eventsIncludeEmail: env.EVENTS_INCLUDE_EMAIL === '1',
    actionEventsSecret: env.ACTION_EVENTS_SECRET,
    auth0EventsSecret: env.AUTH0_EVENTS_SECRET,
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
    areOperatorLinksOn: env.OPERATOR_LINKS === 'on',
    console: toConsole(env),
    isOfferOn: env.OFFER === 'on',
  }
}

const credentials = (id: string | undefined, secret: string | undefined): ClientCredentials | undefined =>
  id && secret ? { id, secret } : undefined

const signingWebhook = (url: string | undefined, secret: string | undefined): SigningWebhook | undefined =>
  url && secret ? { url, secret } : undefined

function toConsole(env: Environment): ConsoleSettings | undefined {
  const isOn = env.CONSOLE ? env.CONSOLE === 'on' : env.CONSOLE_SUBJECTS !== undefined
  if (!isOn) return undefined
  return { subjects: env.CONSOLE_SUBJECTS ?? [], isFactorRequired: env.CONSOLE_REQUIRE_MFA === 'on' }
}

/** The rules for linking: those in {@link POLICY_OPTIONS}, and `sameEmail`, which applies only on the settings page. */
function toPolicy(env: Environment): ConnectPolicy {
  const rules = Object.entries(POLICY_OPTIONS).map(([field, { name }]) => [field, env[name]])
  return { ...(Object.fromEntries(rules) as LinkPolicy), sameEmail: env.CONNECT_DIFFERENT_EMAIL === 'off' }
}

/** All problems of an environment as one text, for the log of a process that does not start. */
export const problemsInWords = (problems: string[]): string =>
  problems[0] === NOTHING_CONFIGURED
    ? NOTHING_CONFIGURED
    : `The environment is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`

let parsedConfig: Config | undefined

/**
 * The configuration of this process. Read on first use, so that a build needs no environment.
 *
 * @throws {Error} If the environment is unusable. The message lists all problems, by variable name and without values.
 */
export function config(): Config {
  if (!parsedConfig) {
    const result = parseConfig(process.env)
    if ('problems' in result) throw new Error(problemsInWords(result.problems))
    parsedConfig = result.config
  }
  return parsedConfig
}
