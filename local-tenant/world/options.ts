/**
 * The tenant's options: how it behaves if Auth0's documentation leaves a question open, and which faults it adds to its
 * responses.
 * @module
 */
import { z } from 'zod'
import { ACTION_STATES } from '../actions/stored-action'

const Answers = z.strictObject({
  /** Whether `validateToken` compares the `sub` of the token with the user who logs in. */
  validate_token_sub: z.boolean().default(true),
  /** Whether `validateToken` compares the `iss` of the token with the host that the redirect went to. */
  validate_token_iss: z.boolean().default(false),
  /** The parameter that `validateToken` reads if the Action names none. If null, the Action must name one. */
  validate_token_parameter: z.string().nullable().default('session_token'),
  /** Whether `/continue` requires the cookie of the browser that started the login. */
  continue_cookie: z.boolean().default(true),
  /** Whether `/continue` also accepts `state` in a form body. */
  continue_state_in_body: z.boolean().default(false),
  /** What happens at a second use of `/continue`. */
  continue_twice: z.enum(['invalid_request', 'repeat']).default('invalid_request'),
  /** How long a login can stay suspended, in seconds. */
  continue_lifetime: z.number().int().positive().default(3600),
  /** Which login's session the browser keeps if another login took place while this one was suspended. */
  sso_after_nested: z.enum(['last', 'first']).default('last'),
  /** When `setPrimaryUser` is checked: after the handler, or during the call. */
  switch_checked: z.enum(['end', 'call']).default('end'),
  /** What happens to app metadata that is set beside `setPrimaryUser`: the new primary user gets it, or it is lost. */
  app_metadata_with_switch: z.enum(['primary', 'lost']).default('primary'),
  /** The host in the `iss` of `encodeToken`. */
  encode_token_iss: z.enum(['canonical', 'login']).default('canonical'),
  /** What happens when a user that has linked identities itself is linked. */
  secondary_with_identities: z.enum(['flatten', 'refuse', 'first_only']).default('flatten'),
  /** What reading a user returns if it was linked into another one. */
  removed_secondary: z.enum(['404', 'stub']).default('404'),
  /** Whether sessions of a user that was linked into another one continue (with a subject that no longer exists) or end. */
  secondary_sessions: z.enum(['keep', 'end']).default('keep'),
  /** Whether sessions and refresh tokens can still be managed under the id of a user that was linked into another one. */
  removed_user_sessions: z.enum(['reachable', '404']).default('reachable'),
  /** The status when linking an identity that is already linked. */
  link_conflict_status: z.union([z.literal(409), z.literal(400)]).default(409),
  /** The status when linking a user that does not exist. */
  link_missing_secondary_status: z.union([z.literal(400), z.literal(404)]).default(400),
  /** The status when unlinking an identity that the user does not have. With 200, nothing changes. */
  unlink_unknown_status: z.union([z.literal(400), z.literal(200)]).default(400),
  /** Whether `link_with` accepts the ID token of one door with the access token of the other. */
  issuer_alias: z.boolean().default(false),
  /** Whether `users-by-email` also finds a user by the address of a linked identity. */
  email_matches_linked: z.boolean().default(false),
  /** How many users `users-by-email` returns at most. If null, all. */
  users_by_email_limit: z.number().int().positive().nullable().default(null),
  /** The OAuth error for a wrong client secret. */
  wrong_secret_error: z.enum(['access_denied', 'invalid_client']).default('access_denied'),
})

const RateLimit = z.strictObject({
  burst: z.number().int().positive(),
  per_second: z.number().positive(),
  /** Which limit the message of the 429 names. */
  of: z.enum(['global', 'endpoint']).optional(),
})

const IdTokenFaults = z.record(z.string(), z.json())

const States = z.array(z.enum(ACTION_STATES)).min(1)

const ActionStates = z.strictObject({ build: States.optional(), deployment: States.optional() })

const Rules = z.enum(['there', 'gone'])

const MfaOrder = z.enum(['after', 'before'])

const CustomHosts = z.array(z.enum(['127.0.0.1', '[::1]']))

const ManagementScopes = z.record(z.string(), z.array(z.string()))

/** The complete options of a tenant. */
export interface TenantOptions {
  /** The tenant's behavior for each open question. */
  answers: z.output<typeof Answers>
  /** Token bucket of the Management API. If null, calls are not limited. */
  rate_limit: z.output<typeof RateLimit> | null
  /**
   * Faults in every ID token, by claim: `"wrong"`, `"missing"`, for times `"old"` or `"past"`, null to leave out the claim,
   * or a value to set. The keys `alg`, `kid` and `signature` change the header and the signature instead.
   */
  id_token: z.output<typeof IdTokenFaults>
  /**
   * By client id: the Management API scopes that the client is granted instead of its own. The client can then use client
   * credentials. The scopes apply to tokens issued from then on.
   */
  management_scopes: z.output<typeof ManagementScopes>
  /**
   * The states that later reads of an Action find, one per read: of the draft after a change (`build`), and of the version
   * after a deployment (`deployment`). The last state stays. If the last state of `deployment` is `built`, the version is
   * deployed.
   */
  action_states: Required<z.output<typeof ActionStates>>
  /** Whether the tenant still has Rules, or refuses calls to them as a removed feature. */
  rules: z.output<typeof Rules>
  /** Further custom domains: loopback hosts at which the login door has a separate issuer. */
  custom_hosts: z.output<typeof CustomHosts>
  /** Whether authorization responses contain `iss`. This is the name of Auth0's tenant setting. */
  authorization_response_iss_parameter_supported: boolean
  /** When users are asked for the second factor: after the Actions and their redirects, as at Auth0, or before. */
  mfa_order: z.output<typeof MfaOrder>
  /** How long after the 202 sessions or refresh tokens end, in milliseconds. */
  ending_delay_ms: number
  /**
   * Whether creating or changing a user requires the header `auth0-custom-domain`; without it, the response is a conflict.
   */
  custom_domain_conflict: boolean
}

/** A change of options, from the control API or a world. Options that it leaves out stay unchanged. */
export const OptionsChange = z.strictObject({
  // Without the defaults, because a default for a missing key would undo an earlier change.
  answers: z.strictObject(unwrapped(Answers.shape)).optional(),
  rate_limit: RateLimit.nullable().optional(),
  id_token: IdTokenFaults.optional(),
  management_scopes: ManagementScopes.optional(),
  action_states: ActionStates.optional(),
  rules: Rules.optional(),
  custom_hosts: CustomHosts.optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
  mfa_order: MfaOrder.optional(),
  ending_delay_ms: z.number().int().nonnegative().optional(),
  custom_domain_conflict: z.boolean().optional(),
})

/** @see {@link OptionsChange} */
export type OptionsChange = z.output<typeof OptionsChange>

/** Returns the options that a tenant starts with. */
export function defaultOptions(): TenantOptions {
  return {
    answers: Answers.parse({}),
    rate_limit: null,
    id_token: {},
    management_scopes: {},
    action_states: { build: ['built'], deployment: ['built'] },
    rules: 'there',
    custom_hosts: [],
    authorization_response_iss_parameter_supported: false,
    mfa_order: 'after',
    ending_delay_ms: 1_500,
    custom_domain_conflict: false,
  }
}

/**
 * Applies a change to options.
 *
 * @param options - The current options; not changed.
 * @param change - The change. `answers` and `action_states` are merged; every other option is replaced as a whole.
 */
export function changeOptions(options: TenantOptions, change: OptionsChange): TenantOptions {
  const given = Object.entries(change.answers ?? {}).filter(([, answer]) => answer !== undefined)
  return {
    answers: Answers.parse({ ...options.answers, ...Object.fromEntries(given) }),
    rate_limit: change.rate_limit === undefined ? options.rate_limit : change.rate_limit,
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
  }
}

type Unwrapped<Shape extends Record<string, z.ZodDefault>> = {
  [Key in keyof Shape]: z.ZodOptional<ReturnType<Shape[Key]['unwrap']>>
}

function unwrapped<Shape extends Record<string, z.ZodDefault>>(shape: Shape): Unwrapped<Shape> {
  const entries = Object.entries(shape).map(([key, type]) => [key, z.optional(type.unwrap())])
  return Object.fromEntries(entries) as Unwrapped<Shape>
}
