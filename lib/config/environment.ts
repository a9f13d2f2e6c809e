/**
 * The environment's variables: which values each may have, and its default.
 * @module
 */
import 'server-only'
import { z } from 'zod'
import { parseUrl } from '../../core/parse-url'
import {
  type LinkPolicy,
  OPTION_WORDS,
  POLICY_OPTIONS,
  type PolicyOption,
} from '../../core/rules/policy-options'
import { optionProblem, readOption } from '../../core/rules/read-options'
import { readLogo, textColorOn } from './brand'
import { type MessageOverrides, parseMessageOverrides } from './message-overrides'
import { isRedisUrl } from './redis-url'
import { secretProblem, webhookSecretProblem } from './secrets'
import { isSmtpUrl } from './smtp'
import { isLoopback, parseTenantDomain, parseTenantDomains, type TenantDomain } from './tenant-domain'

/** Largest value of `STEP_UP_MINUTES`, in minutes. From NIST 800-63B. */
const MAX_STEP_UP = 20

const missing = 'is missing'
const text = z.string({ error: missing }).trim().min(1, missing)
const secret = z.string({ error: missing }).superRefine((value, context) => {
  const problem = value === '' ? missing : secretProblem(value)
  if (problem) context.addIssue({ code: 'custom', message: problem })
})
const noDomain = 'must be a bare host or an http(s) origin'
const domain = text.transform((value, context) => {
  const parsed = parseTenantDomain(value)
  if (parsed) return parsed
  context.addIssue({ code: 'custom', message: noDomain })
  return z.NEVER
})
const domains = text.transform((value, context): [TenantDomain, ...TenantDomain[]] => {
  const parsed = parseTenantDomains(value)
  const [first, ...others] = parsed ?? []
  if (first) return [first, ...others]
  context.addIssue({ code: 'custom', message: parsed ? missing : noDomain })
  return z.NEVER
})
const origin = text.transform((value, context) => {
  const parsed = /^https?:\/\//.test(value) ? parseTenantDomain(value) : undefined
  if (parsed) return parsed.origin
  context.addIssue({ code: 'custom', message: 'must be an http(s) origin without a path' })
  return z.NEVER
})
const address = text.refine(
  (value) => ['https:', 'http:', 'mailto:'].includes(parseUrl(value)?.protocol ?? ''),
  'must be an http(s) or mailto address',
)
const webhook = text.refine((value) => {
  const url = parseUrl(value)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.origin))
}, 'must be an https address, or an http one on loopback')
const smtp = text.refine(
  isSmtpUrl,
  'must look like smtps://user:password@mail.example.com:465 or smtp://user:password@mail.example.com:587',
)
const sender = text.refine(
  (value) => /^(?:[^<>"\r\n]*<[^\s<>@,]+@[^\s<>@,]+>|[^\s<>@,"]+@[^\s<>@,"]+)$/.test(value),
  'must look like Example <accounts@example.com>',
)
const collector = text.refine(
  (value) => ['https:', 'http:'].includes(parseUrl(value)?.protocol ?? ''),
  'must be an http(s) address',
)
const webhookSecret = text.superRefine((value, context) => {
  const problem = webhookSecretProblem(value)
  if (problem) context.addIssue({ code: 'custom', message: problem })
})
/** A schema that reads an option as its row of {@link POLICY_OPTIONS} says, and reports the parts that it cannot read. */
const readable = <Option extends PolicyOption>(option: Option) =>
  z.string().transform((value, context) => {
    const { value: read, unreadable } = readOption(option, value)
    for (const part of unreadable) context.addIssue({ code: 'custom', message: optionProblem(option, part) })
    return read
  })
type Rules = typeof POLICY_OPTIONS
/** The schemas of the variables that {@link POLICY_OPTIONS} names. */
type RuleVariables = {
  [Field in keyof Rules as Rules[Field]['name']]:
    | z.ZodDefault<z.ZodType<LinkPolicy[Field], string>>
    | z.ZodOptional<z.ZodType<LinkPolicy[Field], string>>
}
const rules = Object.fromEntries(
  Object.values(POLICY_OPTIONS).map((option) => {
    const { value } = readOption<PolicyOption>(option)
    const schema = readable<PolicyOption>(option)
    const withDefault = value === undefined ? schema.optional() : schema.default(value)
    return [option.name, withDefault.describe(OPTION_WORDS[option.name])]
  }),
) as unknown as RuleVariables
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
const sentences = z.string().transform((value, context): MessageOverrides => {
  const read = parseMessageOverrides(value)
  if ('overrides' in read) return read.overrides
  context.addIssue({ code: 'custom', message: read.problem })
  return z.NEVER
})
const color = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'must look like #1f4e79')
  .refine((value) => textColorOn(value), 'must reach a contrast of 4.5 with black or white')

/** All variables by name, with the descriptions for docs/configuration.md. Empty values must have been removed before. */
export const Environment = z.object({
  APP_BASE_URL: origin.describe(
    'origin of this app, without a path; https unless app and tenant are both on loopback',
  ),
  AUTH0_DOMAIN: domains.describe(
    'domain at which people sign in: the custom domain if there is one, or [several](operate.md#several-custom-domains) separated by commas. The page signs people in at the first, which has no port unless it is `localhost`',
  ),
  AUTH0_MANAGEMENT_DOMAIN: domain
    .optional()
    .describe(
      'canonical domain of the tenant, for the Management API, by https; left out, it is the first of `AUTH0_DOMAIN`',
    ),
  AUTH0_CLIENT_ID: text
    .optional()
    .describe('the application for the page "Sign-in methods"; needed except with `LINKING_AUTHORITY=user`'),
  AUTH0_CLIENT_SECRET: secret.optional().describe('its secret; needed with it'),
  AUTH0_SECRET: secret.describe("key of that page's session cookie"),
  LINKING_CLIENT_ID: text.describe('the linking client, which proves the other account'),
  LINKING_CLIENT_SECRET: secret.describe('its secret'),
  MANAGEMENT_API_CLIENT_ID: text
    .optional()
    .describe('the machine-to-machine application; needed with `LINKING_AUTHORITY=m2m`'),
  MANAGEMENT_API_CLIENT_SECRET: secret.optional().describe('its secret; needed with it'),
  SESSION_TOKEN_SHARED_SECRET: secret.describe(
    "signs the tokens between Action and service; the same as the Action's",
  ),
  SESSION_TOKEN_SHARED_SECRET_PREVIOUS: secret
    .optional()
    .describe('the one before it, accepted while a rotation is under way'),
  FLOW_SECRET: secret.describe(
    "key of the linking flow's cookies and of what is kept in the store; the same on every instance",
  ),
  FLOW_SECRET_PREVIOUS: secret
    .optional()
    .describe('the one before it, accepted while a rotation is under way'),
  REDIS_URL: text
    .refine(isRedisUrl, 'must look like redis://host:6379 or rediss://:password@host:6379')
    .optional()
    .describe(
      '`redis://` or `rediss://` address of a Redis that all instances share (Upstash and Vercel KV give one): what was used, locks, the Management API token (encrypted). Without it each instance remembers for itself',
    ),
  LINK_CONTRACT: oneOf('documented', 'strict')
    .default('documented')
    .describe(
      "`documented` takes tokens of Auth0's published Actions too; `strict` only those of this project's Action",
    ),
  LINKING_AUTHORITY: oneOf('m2m', 'linking-client', 'user')
    .default('m2m')
    .describe('by whose token the page links ([ways](../README.md#ways-to-link))'),
  ...rules,
  CONNECT_CONNECTIONS: readable({ name: 'CONNECT_CONNECTIONS', kind: 'allow' })
    .optional()
    .describe(
      "[providers and connections](#lists-of-connections) that the page offers; left out, all of the linking client's. Needed with `LINKING_AUTHORITY=user`, in which a provider means its connection of the same name",
    ),
  CONNECT_DIFFERENT_EMAIL: oneOf('on', 'off')
    .default('on')
    .describe('`off` connects only accounts with the same verified address'),
  STEP_UP_MINUTES: number(1, MAX_STEP_UP)
    .default(10)
    .describe('how long a sign-in counts as fresh for connecting and disconnecting, 1 to 20'),
  UNDO_DAYS: number(0, 3650)
    .default(30)
    .describe('how long a link can be undone and its metadata is kept, up to 3650; `0` for ever'),
  EVENTS_WEBHOOK_URL: webhook
    .optional()
    .describe(
      'where events are sent: https, or http on loopback ([events](events.md)). Without it they are in the log only',
    ),
  EVENTS_WEBHOOK_SECRET: webhookSecret
    .optional()
    .describe('signs them: `whsec_` and 24 to 64 bytes in base64; needed with the URL'),
  EVENTS_INCLUDE_EMAIL: oneOf('0', '1').default('0').describe('`1`: events carry both addresses'),
  ACTION_EVENTS_SECRET: secret
    .optional()
    .describe('bearer token of the Action at `POST /events`; without it that route is not there'),
  AUTH0_EVENTS_SECRET: secret
    .optional()
    .describe(
      "bearer token of Auth0's event stream at `POST /auth0-events`, from which the service learns of [links made by others](reference/links-by-others.md); without it that route is not there. Not with `LINKING_AUTHORITY=user`",
    ),
  ADOPTION_URL: webhook
    .optional()
    .describe(
      'is asked before each link, so that your application can move its own data, and told afterwards ([adoption](reference/adoption.md)): https, or http on loopback. Needs `ACTION_EVENTS_SECRET`; not with `LINKING_AUTHORITY=user`',
    ),
  ADOPTION_SECRET: webhookSecret
    .optional()
    .describe('signs that: `whsec_` and 24 to 64 bytes in base64; needed with the URL'),
  SMTP_URL: smtp
    .optional()
    .describe(
      'server that sends [mails](reference/mail.md) to people: `smtps://user:password@host:465`, or `smtp://user:password@host:587`, which must offer STARTTLS unless it is on loopback. Without it no mail is sent. Not with `LINKING_AUTHORITY=user`',
    ),
  MAIL_FROM: sender
    .optional()
    .describe('sender of those mails, such as `Example <accounts@example.com>`; needed with `SMTP_URL`'),
  TASKS_SECRET: secret
    .optional()
    .describe(
      'bearer token of [`/tasks/drain`](operate.md#background-work); without it and `CRON_SECRET` that route is not there',
    ),
  CRON_SECRET: secret
    .optional()
    .describe('the same, under the name that Vercel sends with its cron requests'),
  BROWSER_LINKING_CLIENT_ID: text
    .optional()
    .describe(
      'public client (implicit grant) of the page that links [in the browser alone](reference/browser-linking.md); without it there is no such page',
    ),
  OTEL_EXPORTER_OTLP_ENDPOINT: collector
    .optional()
    .describe(
      'OpenTelemetry collector that [counts](operate.md#counters) are sent to, such as `http://localhost:4318`; `OTEL_EXPORTER_OTLP_HEADERS` and the others that OpenTelemetry specifies are honored. Without it nothing is counted, and its library is not loaded',
    ),
  BRAND_NAME: text
    .max(60, 'must be at most 60 characters long')
    .optional()
    .describe(
      "what people know you by, at most 60 characters; left out, the organization's or the tenant's name ([brand](reference/brand.md))",
    ),
  BRAND_LOGO: logo
    .optional()
    .describe(
      "a data URI, or an svg, png, webp or jpg file below `public/`; at most 4,096 characters once inlined. Left out, the organization's or the tenant's logo",
    ),
  BRAND_COLOR: color
    .optional()
    .describe(
      "`#rrggbb`, in quotes if it is in a file; left out, the organization's or the tenant's color, or `#1f4e79`",
    ),
  SUPPORT_URL: address
    .optional()
    .describe(
      "http(s) or mailto: where people find help; left out, the tenant's support address, or `RESTART_URL`",
    ),
  RESTART_URL: address.describe("http(s) or mailto: where a sign-in starts again, your application's login"),
  MESSAGES_OVERRIDES: sentences
    .optional()
    .describe(
      'path of a JSON file with [sentences of your own](reference/languages.md#sentences-of-your-own), or the JSON itself; read when the service starts',
    ),
  OPERATOR_LINKS: oneOf('on', 'off')
    .default('off')
    .describe(
      '`on` lets an operator link accounts that no one has proven, by an approved plan of [`npm run duplicates`](duplicates.md#apply) ([what that means](security.md#links-that-an-operator-makes)). With `--queue` the workers need it, too. Logins and the page do not use it',
    ),
  CONSOLE: oneOf('on', 'off')
    .optional()
    .describe(
      '`on` turns on the [console for operators](reference/console.md) at `/console`; left out, it is on if `CONSOLE_SUBJECTS` is set. Not with `LINKING_AUTHORITY=user`',
    ),
  CONSOLE_SUBJECTS: text
    .transform((value) => value.split(',').map((subject) => subject.trim()))
    .refine((subjects) => subjects.every((subject) => /^[^|]+\|./.test(subject)), 'must be user ids')
    .optional()
    .describe('user ids, separated by commas, of operators who need no permission `operate:account_linking`'),
  CONSOLE_REQUIRE_MFA: oneOf('on', 'off')
    .default('on')
    .describe('`off` lets operators sign in to the console without a second factor'),
  OFFER: oneOf('on', 'off')
    .default('on')
    .describe(
      '`off` stops all offers; while it is `on`, [a switch](operate.md#switch-offers-off-at-once) can still do so',
    ),
})

/** The environment, checked variable by variable. */
export type Environment = z.infer<typeof Environment>
