/**
 * The environment's variables: what each may be, and what holds where it is left out.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { DEFAULT_TRUSTED } from '../linking/policy'
import { readLogo, textColorOn } from './brand'
import { isRedisUrl } from './redis-url'
import { secretProblem, webhookSecretProblem } from './secrets'
import { isLoopback, parseTenantDomain } from './tenant-domain'

const DEFAULT_COLOR = '#1f4e79'
/** Longest time since a sign-in that still counts as fresh, in minutes: NIST 800-63B. */
const MAX_STEP_UP = 20

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
const webhook = text.refine((value) => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.origin))
}, 'must be an https address, or an http one on loopback')
const collector = text.refine(
  (value) => URL.canParse(value) && ['https:', 'http:'].includes(new URL(value).protocol),
  'must be an http(s) address',
)
const webhookSecret = text.superRefine((value, context) => {
  const problem = webhookSecretProblem(value)
  if (problem) context.addIssue({ code: 'custom', message: problem })
})
const list = z.string().transform((value) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean),
)
const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= least && value <= most, `must be between ${least} and ${most}`)
const oneOf = <const Name extends string>(...names: Name[]) =>
  z.enum(names, { error: `must be ${names.slice(0, -1).join(', ')} or ${names.at(-1)}` })
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

/** Every variable, by name; an empty value has been taken out before. */
export const Environment = z.object({
  APP_BASE_URL: origin,
  AUTH0_DOMAIN: domain,
  AUTH0_MANAGEMENT_DOMAIN: domain.optional(),
  AUTH0_CLIENT_ID: text.optional(),
  AUTH0_CLIENT_SECRET: secret.optional(),
  AUTH0_SECRET: secret,
  LINKING_CLIENT_ID: text,
  LINKING_CLIENT_SECRET: secret,
  MANAGEMENT_API_CLIENT_ID: text.optional(),
  MANAGEMENT_API_CLIENT_SECRET: secret.optional(),
  SESSION_TOKEN_SHARED_SECRET: secret,
  SESSION_TOKEN_SHARED_SECRET_PREVIOUS: secret.optional(),
  FLOW_SECRET: secret,
  FLOW_SECRET_PREVIOUS: secret.optional(),
  REDIS_URL: text
    .refine(isRedisUrl, 'must look like redis://host:6379 or rediss://:password@host:6379')
    .optional(),
  LINK_CONTRACT: oneOf('documented', 'strict').default('documented'),
  LINKING_AUTHORITY: oneOf('m2m', 'linking-client', 'user').default('m2m'),
  TRUSTED_CONNECTIONS: list.default(DEFAULT_TRUSTED),
  BLOCKED_CONNECTIONS: list.default([]),
  PROVISIONED_CONNECTIONS: list.default([]),
  PRIMARY: list.default(['oldest']),
  USER_METADATA: oneOf('fill', 'none').default('fill'),
  APP_METADATA_KEYS: list.default([]),
  CONNECT_CONNECTIONS: list.optional(),
  CONNECT_DIFFERENT_EMAIL: oneOf('on', 'off').default('on'),
  STEP_UP_MINUTES: number(1, MAX_STEP_UP).default(10),
  UNDO_DAYS: number(0, 3650).default(30),
  EVENTS_WEBHOOK_URL: webhook.optional(),
  EVENTS_WEBHOOK_SECRET: webhookSecret.optional(),
  EVENTS_INCLUDE_EMAIL: oneOf('0', '1').default('0'),
  ACTION_EVENTS_SECRET: secret.optional(),
  BROWSER_LINKING_CLIENT_ID: text.optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.optional(),
  BRAND_NAME: text.max(60, 'must be at most 60 characters long'),
  BRAND_LOGO: logo.optional(),
  BRAND_COLOR: color.default(DEFAULT_COLOR),
  SUPPORT_URL: address,
  RESTART_URL: address,
  OFFER: oneOf('on', 'off').default('on'),
})

/** The environment, checked variable by variable. */
export type Environment = z.infer<typeof Environment>
