/**
 * The tenant's options: how it behaves where Auth0's documentation leaves a question open, and which faults its responses
 * have.
 * @module
 */
import { z } from 'zod'
import { ACTION_STATES } from '../actions/stored-action'
import { Answers } from './answers'

const RateLimit = z.strictObject({
  burst: z.number().int().positive(),
  per_second: z.number().positive(),
  /** Which limit the message of the 429 names. */
  of: z.enum(['global', 'endpoint']).optional(),
})

const Plan = z.enum(['free', 'essentials', 'enterprise'])

/** An Auth0 plan. The tenant applies its rate limits. */
export type PlanName = z.output<typeof Plan>

const IdTokenFaults = z.record(z.string(), z.json())

const States = z.array(z.enum(ACTION_STATES)).min(1)

const ActionStates = z.strictObject({ build: States.optional(), deployment: States.optional() })

const Rules = z.enum(['there', 'gone'])

const MfaOrder = z.enum(['after', 'before'])

const CustomHosts = z.array(z.enum(['127.0.0.1', '[::1]']))

const Adoption = z.strictObject({
  status: z.number().int().min(200).max(599).optional(),
  delay_ms: z.number().int().nonnegative().max(60_000).optional(),
})

const Smtp = z.strictObject({
  delay_ms: z.number().int().nonnegative().max(60_000).optional(),
  rcpt_status: z.number().int().min(250).max(599).optional(),
  data_status: z.number().int().min(250).max(599).optional(),
  down: z.boolean().optional(),
})

const EventStream = z.strictObject({
  delay_ms: z.number().int().nonnegative().max(60_000).optional(),
  order: z.enum(['as_happened', 'reversed', 'shuffled']).optional(),
  repeat: z.number().int().min(1).max(10).optional(),
  pauses_ms: z.array(z.number().int().nonnegative().max(60_000)).optional(),
})

const ManagementScopes = z.record(z.string(), z.array(z.string()))

/** All options with their values. {@link OptionsChange} says what each option means. */
export interface TenantOptions {
  answers: z.output<typeof Answers>
  rate_limit: z.output<typeof RateLimit> | null
  plan: PlanName | null
  id_token: z.output<typeof IdTokenFaults>
  management_scopes: z.output<typeof ManagementScopes>
  action_states: Required<z.output<typeof ActionStates>>
  rules: z.output<typeof Rules>
  custom_hosts: z.output<typeof CustomHosts>
  authorization_response_iss_parameter_supported: boolean
  mfa_order: z.output<typeof MfaOrder>
  ending_delay_ms: number
  custom_domain_conflict: boolean
  event_stream: Required<z.output<typeof EventStream>>
  adoption: Required<z.output<typeof Adoption>>
  smtp: Required<z.output<typeof Smtp>>
}

/**
 * A change of options, in the control API and in the world JSON. Options that are left out stay as they are.
 * docs/local-tenant.md is generated from this schema.
 */
export const OptionsChange = z.strictObject({
  // Without `unwrapped`, an answer that a change leaves out would get its default, and so undo an earlier change.
  answers: z
    .strictObject(unwrapped(Answers.shape))
    .optional()
    .describe('one answer for each open question, set one by one'),
  rate_limit: RateLimit.nullable()
    .optional()
    .describe(
      `a token bucket for the Management API; null removes it. With \`"of": "endpoint"\` the 429 says that it is the endpoint's limit`,
    ),
  plan: Plan.nullable()
    .optional()
    .describe(
      "the Management API's rate limits of a plan, as [Auth0's tables](https://auth0.com/docs/troubleshoot/customer-support/operational-policies/rate-limit-policy/rate-limit-configurations) say in November 2026: `free`, `essentials` (and Professional) or `enterprise` (public cloud, production). null, the default, is no limit; `rate_limit` overrides it",
    ),
  id_token: IdTokenFaults.optional().describe(
    `faults by claim: \`"wrong"\`, \`"missing"\` or null, for times \`"old"\` and \`"past"\`, otherwise a value to set. \`alg\` (\`"none"\`, or anything else for HS256 with the client's secret), \`kid\` (\`"missing"\`, or a value) and \`signature\` spoil those`,
  ),
  management_scopes: ManagementScopes.optional().describe(
    'the scopes that each named client is granted instead of its own, client credentials included, for tokens issued from then on',
  ),
  action_states: ActionStates.optional().describe(
    'what each further read of an Action finds: its draft after a change (`build`), its new version after a deployment (`deployment`), one after the other; the last one stays. A login that runs the Action counts as a read, and so does binding it a second after its deployment. States: `pending`, `building`, `packaged`, `retrying`, `built`, `failed`; both lists are `["built"]` by default. A version is deployed once its last state, `built`, is reached; until then logins run the version before, and an Action without one cannot be bound',
  ),
  rules: Rules.optional().describe(
    '`there` (default) or `gone`: `/api/v2/rules` then gets 403 `rules_not_allowed`, as Auth0 refuses a feature that it has removed',
  ),
  custom_hosts: CustomHosts.optional().describe(
    'further custom domains, `127.0.0.1` or `[::1]`, at each of which the login door is an issuer of its own',
  ),
  authorization_response_iss_parameter_supported: z
    .boolean()
    .optional()
    .describe(
      'the tenant setting of that name, off by default: answers then carry `iss` ([RFC 9207](https://www.rfc-editor.org/rfc/rfc9207))',
    ),
  mfa_order: MfaOrder.optional().describe(
    "when the second factor is asked for: `after` the Actions and what they redirect to, as Auth0 does (default), or `before`. Only then do the Actions see `mfa` in `event.authentication.methods`, unless the browser's session has it from an earlier login",
  ),
  ending_delay_ms: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe('how long after its 202 a call ends sessions and refresh tokens; 1500 by default'),
  custom_domain_conflict: z
    .boolean()
    .optional()
    .describe(
      'creating or changing a user without the header `auth0-custom-domain` is a 409, as at a tenant with several verified custom domains (for a change Auth0 only describes the header). Off by default',
    ),
  event_stream: EventStream.optional().describe(
    'how [event streams](#event-streams) deliver: the events of `delay_ms`, 0 by default, are sent one after the other in `order`: `as_happened` (default), `reversed` or `shuffled`; each is sent `repeat` times, 1 by default; one that gets no 2xx and no 4xx is sent again after each of `pauses_ms`, `[1000, 2000, 4000]` by default',
  ),
  adoption: Adoption.optional().describe(
    'what `POST /_tenant/adoptions` answers: `status`, 200 by default, after `delay_ms`, 0 by default',
  ),
  smtp: Smtp.optional().describe(
    'how the SMTP sink behaves: `rcpt_status` and `data_status` are its answers to a recipient and to a mail, 250 by default; it answers a mail after `delay_ms`, 0 by default; `down` closes every connection at once',
  ),
})

/** @see {@link OptionsChange} */
export type OptionsChange = z.output<typeof OptionsChange>

/** Returns the options that a tenant starts with. */
export function defaultOptions(): TenantOptions {
  return {
    answers: Answers.parse({}),
    rate_limit: null,
    plan: null,
    id_token: {},
    management_scopes: {},
    action_states: { build: ['built'], deployment: ['built'] },
    rules: 'there',
    custom_hosts: [],
    authorization_response_iss_parameter_supported: false,
    mfa_order: 'after',
    ending_delay_ms: 1_500,
    custom_domain_conflict: false,
    event_stream: { delay_ms: 0, order: 'as_happened', repeat: 1, pauses_ms: [1_000, 2_000, 4_000] },
    adoption: { status: 200, delay_ms: 0 },
    smtp: { delay_ms: 0, rcpt_status: 250, data_status: 250, down: false },
  }
}

/**
 * Applies a change to options.
 *
 * @param options - The current options; not changed.
 * @param change - The change. `answers`, `action_states`, `event_stream`, `adoption` and `smtp` are merged; every other
 *   option is replaced as a whole.
 */
export function changeOptions(options: TenantOptions, change: OptionsChange): TenantOptions {
  const given = Object.entries(change.answers ?? {}).filter(([, answer]) => answer !== undefined)
  return {
    answers: Answers.parse({ ...options.answers, ...Object.fromEntries(given) }),
    rate_limit: change.rate_limit === undefined ? options.rate_limit : change.rate_limit,
    plan: change.plan === undefined ? options.plan : change.plan,
    id_token: change.id_token ?? options.id_token,
    management_scopes: change.management_scopes ?? options.management_scopes,
    action_states: {
      build: change.action_states?.build ?? options.action_states.build,
      deployment: change.action_states?.deployment ?? options.action_states.deployment,
    },
    rules: change.rules ?? options.rules,
    custom_hosts: change.custom_hosts ?? options.custom_hosts,
    authorization_response_iss_parameter_supported:
      change.authorization_response_iss_parameter_supported ??
      options.authorization_response_iss_parameter_supported,
    mfa_order: change.mfa_order ?? options.mfa_order,
    ending_delay_ms: change.ending_delay_ms ?? options.ending_delay_ms,
    custom_domain_conflict: change.custom_domain_conflict ?? options.custom_domain_conflict,
    event_stream: {
      delay_ms: change.event_stream?.delay_ms ?? options.event_stream.delay_ms,
      order: change.event_stream?.order ?? options.event_stream.order,
      repeat: change.event_stream?.repeat ?? options.event_stream.repeat,
      pauses_ms: change.event_stream?.pauses_ms ?? options.event_stream.pauses_ms,
    },
    adoption: {
      status: change.adoption?.status ?? options.adoption.status,
      delay_ms: change.adoption?.delay_ms ?? options.adoption.delay_ms,
    },
    smtp: {
      delay_ms: change.smtp?.delay_ms ?? options.smtp.delay_ms,
      rcpt_status: change.smtp?.rcpt_status ?? options.smtp.rcpt_status,
      data_status: change.smtp?.data_status ?? options.smtp.data_status,
      down: change.smtp?.down ?? options.smtp.down,
    },
  }
}

type Unwrapped<Shape extends Record<string, z.ZodDefault>> = {
  [Key in keyof Shape]: z.ZodOptional<ReturnType<Shape[Key]['unwrap']>>
}

function unwrapped<Shape extends Record<string, z.ZodDefault>>(shape: Shape): Unwrapped<Shape> {
  const entries = Object.entries(shape).map(([key, type]) => [key, z.optional(type.unwrap())])
  return Object.fromEntries(entries) as Unwrapped<Shape>
}
