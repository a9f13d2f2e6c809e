/**
 * The questions that Auth0's documentation leaves open, as options: the tenant behaves according to the chosen answers.
 * @module
 */
import { z } from 'zod'

/** The open questions, each with its default answer. docs/local-tenant.md is generated from this schema. */
export const Answers = z.strictObject({
  validate_token_sub: z.boolean().default(true).describe('does `validateToken` compare `sub` with the user?'),
  validate_token_iss: z
    .boolean()
    .default(false)
    .describe('does it compare `iss` with the host redirected to?'),
  validate_token_parameter: z
    .string()
    .nullable()
    .default('session_token')
    .describe('the parameter it reads if the Action names none; null: naming it is required'),
  continue_cookie: z.boolean().default(true).describe('is `/continue` bound to the browser?'),
  continue_state_in_body: z
    .boolean()
    .default(false)
    .describe('does `/continue` take `state` from a form body too?'),
  continue_twice: z
    .enum(['invalid_request', 'repeat'])
    .default('invalid_request')
    .describe('a second use of `/continue`; or `"repeat"`'),
  continue_lifetime: z.number().int().positive().default(3600).describe('seconds a suspended login lives'),
  sso_after_nested: z
    .enum(['last', 'first'])
    .default('last')
    .describe('whose session remains after a login inside a suspended login; or `"first"`'),
  switch_checked: z
    .enum(['end', 'call'])
    .default('end')
    .describe('when `setPrimaryUser` is checked: after the handler, or in the `"call"`'),
  app_metadata_with_switch: z
    .enum(['primary', 'lost'])
    .default('primary')
    .describe('where `setAppMetadata` beside a switch ends up; or `"lost"`'),
  encode_token_iss: z
    .enum(['canonical', 'login'])
    .default('canonical')
    .describe('the host in `iss` of `encodeToken`; or `"login"`'),
  secondary_with_identities: z
    .enum(['flatten', 'refuse', 'first_only'])
    .default('flatten')
    .describe('linking a user with identities of its own; or `"refuse"`, `"first_only"`'),
  removed_secondary: z
    .enum(['404', 'stub'])
    .default('404')
    .describe('reading a user that was linked away; or `"stub"`'),
  secondary_sessions: z
    .enum(['keep', 'end'])
    .default('keep')
    .describe('sessions of a user that was linked away; or `"end"`'),
  secondary_rights: z
    .enum(['lost', 'kept'])
    .default('lost')
    .describe(
      'roles, permissions, memberships and authentication methods of a user that was linked away; with `"kept"` its primary has them',
    ),
  removed_user_sessions: z
    .enum(['reachable', '404'])
    .default('reachable')
    .describe(
      'are sessions and refresh tokens of a user that was linked away still listed and ended by its id? or `"404"`',
    ),
  link_conflict_status: z
    .union([z.literal(409), z.literal(400)])
    .default(409)
    .describe('linking what is linked already; or 400'),
  link_missing_secondary_status: z
    .union([z.literal(400), z.literal(404)])
    .default(400)
    .describe('linking a user that does not exist; or 404'),
  unlink_unknown_status: z
    .union([z.literal(400), z.literal(200)])
    .default(400)
    .describe('unlinking an identity the user does not hold; or 200'),
  issuer_alias: z.boolean().default(false).describe('does `link_with` take tokens of both doors together?'),
  email_matches_linked: z.boolean().default(false).describe('does `users-by-email` find linked addresses?'),
  users_by_email_limit: z
    .number()
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('the most users it answers with'),
  links_count_as: z
    .enum(['others', 'write_users'])
    .default('others')
    .describe(
      'with the plan `essentials`, which rate limit linking and unlinking count for: that of all other endpoints; or `"write_users"`',
    ),
  wrong_secret_error: z
    .enum(['access_denied', 'invalid_client'])
    .default('access_denied')
    .describe('the error for a wrong client secret; or `"invalid_client"`'),
})
