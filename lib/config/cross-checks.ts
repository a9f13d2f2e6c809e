import 'server-only'
import { equalSecrets } from './secrets'
import { canSignInAt, isLoopback, parseTenantDomains } from './tenant-domain'

type Variables = Record<string, string | undefined>

const SECRETS = [
  'AUTH0_CLIENT_SECRET',
  'AUTH0_SECRET',
  'LINKING_CLIENT_SECRET',
  'MANAGEMENT_API_CLIENT_SECRET',
  'SESSION_TOKEN_SHARED_SECRET',
  'SESSION_TOKEN_SHARED_SECRET_PREVIOUS',
  'FLOW_SECRET',
  'FLOW_SECRET_PREVIOUS',
  'EVENTS_WEBHOOK_SECRET',
  'ACTION_EVENTS_SECRET',
  'AUTH0_EVENTS_SECRET',
  'ADOPTION_SECRET',
  'TASKS_SECRET',
  'CRON_SECRET',
]
const ADDRESSES = ['APP_BASE_URL', 'AUTH0_DOMAIN', 'AUTH0_MANAGEMENT_DOMAIN']
const MANAGEMENT = 'AUTH0_MANAGEMENT_DOMAIN'

/**
 * Checks the rules that involve several variables. They are checked even if single variables are invalid.
 *
 * @param environment - Variables by name, without empty values.
 * @returns One sentence for each problem. It begins with a variable's name and contains no value.
 */
export function crossChecks(environment: Variables): string[] {
  return [
    ...missingForAuthority(environment),
    ...adoptionWithoutSnapshots(environment),
    ...mailsWithoutAddresses(environment),
    ...changesWithoutAuthority(environment),
    ...consoleWithoutAuthority(environment),
    ...sharedSecrets(environment),
    ...plainAddresses(environment),
    ...signInDomain(environment),
    ...plainManagement(environment),
  ]
}

/** Finds missing variables. Which ones are needed depends on `LINKING_AUTHORITY` and on the webhooks. */
function missingForAuthority(environment: Variables): string[] {
  const authority = environment.LINKING_AUTHORITY ?? 'm2m'
  const needed = [
    ...(authority === 'user' ? ['CONNECT_CONNECTIONS'] : ['AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET']),
    ...(authority === 'm2m' ? ['MANAGEMENT_API_CLIENT_ID', 'MANAGEMENT_API_CLIENT_SECRET'] : []),
    ...(environment.EVENTS_WEBHOOK_URL === undefined ? [] : ['EVENTS_WEBHOOK_SECRET']),
    ...(environment.SMTP_URL === undefined ? [] : ['MAIL_FROM']),
    // The service sends an adoption's commit that the Action could not send. It learns of the link through `POST /events`.
    ...(environment.ADOPTION_URL === undefined ? [] : ['ADOPTION_SECRET', 'ACTION_EVENTS_SECRET']),
  ]
  return needed.filter((name) => environment[name] === undefined).map((name) => `${name} is missing`)
}

/** An adoption's id (see `ADOPTION_URL`) is stored in the link's snapshot, and a person's own token cannot write it. */
function adoptionWithoutSnapshots({ ADOPTION_URL, LINKING_AUTHORITY }: Variables): string[] {
  return ADOPTION_URL !== undefined && LINKING_AUTHORITY === 'user'
    ? ['ADOPTION_URL cannot be used with LINKING_AUTHORITY=user']
    : []
}

/** Addresses are read when a mail is sent, and by then there is no person whose own token could read them. */
function mailsWithoutAddresses({ SMTP_URL, LINKING_AUTHORITY }: Variables): string[] {
  return SMTP_URL !== undefined && LINKING_AUTHORITY === 'user'
    ? ['SMTP_URL cannot be used with LINKING_AUTHORITY=user']
    : []
}

/** Links that others made are followed in the background, when there is no person whose own token could read the accounts. */
function changesWithoutAuthority({ AUTH0_EVENTS_SECRET, LINKING_AUTHORITY }: Variables): string[] {
  return AUTH0_EVENTS_SECRET !== undefined && LINKING_AUTHORITY === 'user'
    ? ['AUTH0_EVENTS_SECRET cannot be used with LINKING_AUTHORITY=user']
    : []
}

/** With `user`, the service has no authority of its own to read and change other people's accounts. */
function consoleWithoutAuthority(environment: Variables): string[] {
  if (environment.LINKING_AUTHORITY !== 'user') return []
  return ['CONSOLE', 'CONSOLE_SUBJECTS']
    .filter((name) => environment[name] !== undefined && environment[name] !== 'off')
    .map((name) => `${name} cannot be used with LINKING_AUTHORITY=user`)
}

function sharedSecrets(environment: Variables): string[] {
  const secrets = Object.fromEntries(SECRETS.map((name) => [name, environment[name]]))
  return equalSecrets(secrets).map(([one, other]) => `${one} and ${other} must differ`)
}

function plainAddresses(environment: Variables): string[] {
  const origins = ADDRESSES.flatMap((name) =>
    (parseTenantDomains(environment[name] ?? '') ?? []).map(({ origin }) => ({ name, origin })),
  )
  if (origins.every((entry) => isLoopback(entry.origin))) return []
  const plain = origins.filter(({ name, origin }) => name !== MANAGEMENT && origin.startsWith('http:'))
  const names = new Set(plain.map(({ name }) => name))
  return [...names].map((name) => `${name} must be https unless app and tenant are all on loopback`)
}

/** Requires https for the Management API: we send secrets to it, and the Auth0 libraries of provision and doctor use only TLS. */
function plainManagement(environment: Variables): string[] {
  const [domain] = parseTenantDomains(environment[MANAGEMENT] ?? environment.AUTH0_DOMAIN ?? '') ?? []
  if (!domain?.origin.startsWith('http:')) return []
  return [`${MANAGEMENT} must be https, on loopback too: the Management API is reached by TLS only`]
}

/** Checks the first login domain only, because the session library uses no other. */
function signInDomain(environment: Variables): string[] {
  const first = parseTenantDomains(environment.AUTH0_DOMAIN ?? '')?.[0]
  if (!first || canSignInAt(first)) return []
  return ['AUTH0_DOMAIN must begin with a host name without a port, or with localhost']
}
