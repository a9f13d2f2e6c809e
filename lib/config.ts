/**
 * The environment, read once and checked as a whole: every problem is reported together, by variable name.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { readLogo, textColorOn } from './config/brand'
import { equalSecrets, secretProblem } from './config/secrets'
import { DEFAULT_TRUSTED } from './linking/policy'
import { isLoopback, parseTenantDomain, type TenantDomain } from './config/tenant-domain'

/** A secret and the one before it, which is still accepted while a rotation is under way. */
export interface RotatingSecret {
  current: string
  previous: string | undefined
}

/** Everything the environment settles. */
export interface Config {
  /** Our own origin, without a slash at the end. */
  appBaseUrl: string
  /** Whether our origin is https; cookies are then `Secure` with the `__Host-` prefix. */
  isSecure: boolean
  /** The login domain: what browsers see. */
  auth0Domain: TenantDomain
  /** The canonical domain: what servers call. */
  managementDomain: TenantDomain
  auth0ClientId: string
  auth0ClientSecret: string
  /** Key of the app's own sign-in session. */
  auth0Secret: string
  linkingClientId: string
  linkingClientSecret: string
  managementClientId: string
  managementClientSecret: string
  /** Signs session and response tokens; shared with the Action. */
  sharedSecret: RotatingSecret
  /** Key of the linking flow's cookies. */
  flowSecret: RotatingSecret
  linkContract: 'documented' | 'strict'
  /** Providers or connection names whose address is believed, in logins with Auth0's published Actions. */
  trustedConnections: string[]
  /** Providers or connection names that are left out of those logins, trusted or not. */
  blockedConnections: string[]
  brandName: string
  /** A data URI, so that a document stays one request. */
  brandLogo: string | undefined
  /** `#rrggbb`. */
  brandColor: string
  supportUrl: string
  restartUrl: string
  /** Whether links are offered at all. */
  isOfferOn: boolean
}

const DEFAULT_COLOR = '#1f4e79'
const SECRETS = [
  'AUTH0_CLIENT_SECRET',
  'AUTH0_SECRET',
  'LINKING_CLIENT_SECRET',
  'MANAGEMENT_API_CLIENT_SECRET',
  'SESSION_TOKEN_SHARED_SECRET',
  'SESSION_TOKEN_SHARED_SECRET_PREVIOUS',
  'FLOW_SECRET',
  'FLOW_SECRET_PREVIOUS',
] as const

const missing = 'is missing'
const text = z.string({ error: missing }).trim().min(1, missing)
const secret = z.string({ error: missing }).superRefine((value, context) => {
  const problem = value === '' ? missing : secretProblem(value)
  if (problem) context.addIssue({ code: 'custom', message: problem })
})
const domain = text.transform((value, context) => {
  const parsed = parseTenantDomain(value)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', message: 'must be a bare host or an http(s) origin' })
  return z.NEVER
})
const origin = text.transform((value, context) => {
  const parsed = /^https?:\/\//.test(value) ? parseTenantDomain(value) : undefined
  if (parsed) return parsed.origin
  context.addIssue({ code: 'custom', message: 'must be an http(s) origin without a path' })
  return z.NEVER
})
const address = text.refine(
  (value) => URL.canParse(value) && ['https:', 'http:', 'mailto:'].includes(new URL(value).protocol),
  'must be an http(s) or mailto address',
)
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean),
)
const logo = z.string().transform((value, context) => {
  const read = readLogo(value)
  if ('dataUri' in read) return read.dataUri
  context.addIssue({ code: 'custom', message: read.problem })
  return z.NEVER
})
const color = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'must look like #1f4e79')
  .refine((value) => textColorOn(value), 'must reach a contrast of 4.5 with black or white')

const Environment = z.object({
  APP_BASE_URL: origin,
  AUTH0_DOMAIN: domain,
  AUTH0_MANAGEMENT_DOMAIN: domain.optional(),
  AUTH0_CLIENT_ID: text,
  AUTH0_CLIENT_SECRET: secret,
  AUTH0_SECRET: secret,
  LINKING_CLIENT_ID: text,
  LINKING_CLIENT_SECRET: secret,
  MANAGEMENT_API_CLIENT_ID: text,
  MANAGEMENT_API_CLIENT_SECRET: secret,
  SESSION_TOKEN_SHARED_SECRET: secret,
  SESSION_TOKEN_SHARED_SECRET_PREVIOUS: secret.optional(),
  FLOW_SECRET: secret,
  FLOW_SECRET_PREVIOUS: secret.optional(),
  LINK_CONTRACT: z
    .enum(['documented', 'strict'], { error: 'must be documented or strict' })
    .default('documented'),
  TRUSTED_CONNECTIONS: list.default(DEFAULT_TRUSTED),
  BLOCKED_CONNECTIONS: list.default([]),
  BRAND_NAME: text.max(60, 'must be at most 60 characters long'),
  BRAND_LOGO: logo.optional(),
  BRAND_COLOR: color.default(DEFAULT_COLOR),
  SUPPORT_URL: address,
  RESTART_URL: address,
  OFFER: z.enum(['on', 'off'], { error: 'must be on or off' }).default('on'),
})

/** Rules that no variable can be checked for alone; they hold whatever else is wrong. */
function crossChecks(environment: Record<string, string | undefined>): string[] {
  const secrets = Object.fromEntries(SECRETS.map((name) => [name, environment[name]]))
  const equal = equalSecrets(secrets).map(([one, other]) => `${one} and ${other} must differ`)
  const names = ['APP_BASE_URL', 'AUTH0_DOMAIN', 'AUTH0_MANAGEMENT_DOMAIN']
  const origins = names.flatMap((name) => {
    const parsed = environment[name] && parseTenantDomain(environment[name])
    return parsed ? [{ name, origin: parsed.origin }] : []
  })
  if (origins.every((entry) => isLoopback(entry.origin))) return equal
  const plain = origins.filter((entry) => entry.origin.startsWith('http:'))
  return [
    ...equal,
    ...plain.map(({ name }) => `${name} must be https unless app and tenant are all on loopback`),
  ]
}

/**
 * Checks an environment as a whole.
 *
 * @param raw - Variables by name; an empty value counts as absent.
 * @returns The configuration, or every problem, each beginning with the variable's name and free of values.
 */
export function parseConfig(
  raw: Record<string, string | undefined>,
): { config: Config } | { problems: string[] } {
  const environment = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== ''))
  const parsed = Environment.safeParse(environment)
  const problems = crossChecks(environment)
  if (!parsed.success)
    problems.unshift(...parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`))
  if (!parsed.success || problems.length > 0) return { problems }
  return { config: toConfig(parsed.data) }
}

function toConfig(env: z.infer<typeof Environment>): Config {
  return {
    appBaseUrl: env.APP_BASE_URL,
    isSecure: env.APP_BASE_URL.startsWith('https:'),
    auth0Domain: env.AUTH0_DOMAIN,
    managementDomain: env.AUTH0_MANAGEMENT_DOMAIN ?? env.AUTH0_DOMAIN,
    auth0ClientId: env.AUTH0_CLIENT_ID,
    auth0ClientSecret: env.AUTH0_CLIENT_SECRET,
    auth0Secret: env.AUTH0_SECRET,
    linkingClientId: env.LINKING_CLIENT_ID,
    linkingClientSecret: env.LINKING_CLIENT_SECRET,
    managementClientId: env.MANAGEMENT_API_CLIENT_ID,
    managementClientSecret: env.MANAGEMENT_API_CLIENT_SECRET,
    sharedSecret: {
      current: env.SESSION_TOKEN_SHARED_SECRET,
      previous: env.SESSION_TOKEN_SHARED_SECRET_PREVIOUS,
    },
    flowSecret: { current: env.FLOW_SECRET, previous: env.FLOW_SECRET_PREVIOUS },
    linkContract: env.LINK_CONTRACT,
    trustedConnections: env.TRUSTED_CONNECTIONS,
    blockedConnections: env.BLOCKED_CONNECTIONS,
    brandName: env.BRAND_NAME,
    brandLogo: env.BRAND_LOGO,
    brandColor: env.BRAND_COLOR,
    supportUrl: env.SUPPORT_URL,
    restartUrl: env.RESTART_URL,
    isOfferOn: env.OFFER === 'on',
  }
}

let parsedConfig: Config | undefined

/**
 * The configuration of this process. Read on first use, so that a build needs no environment.
 *
 * @throws {Error} One that lists every problem, by variable name and without values.
 */
export function config(): Config {
  if (!parsedConfig) {
    const result = parseConfig(process.env)
    if ('problems' in result)
      throw new Error(`The environment is not usable:\n${result.problems.map((p) => `  ${p}`).join('\n')}`)
    parsedConfig = result.config
  }
  return parsedConfig
}
