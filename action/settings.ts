import {
  type LinkPolicy,
  LOGIN_OPTIONS,
  type OptionValues,
  POLICY_OPTIONS,
  readOptions,
  SECRET_PREFIX,
  type UnreadableOption,
} from '../core'

/** The required secrets. Auth0's published Action uses the same names. */
const REQUIRED = [
  'MANAGEMENT_API_DOMAIN',
  'MANAGEMENT_API_CLIENT_ID',
  'MANAGEMENT_API_CLIENT_SECRET',
  'SESSION_TOKEN_SHARED_SECRET',
  'ACCOUNT_LINKING_SERVICE_URL',
] as const

/** The Action's settings: its secrets, with defaults for optional ones. */
export interface Settings
  extends Record<(typeof REQUIRED)[number], string>,
    OptionValues<typeof LOGIN_OPTIONS> {
  /** URL that receives an event for every link. */
  EVENTS_WEBHOOK_URL?: string
  /** Bearer token for `EVENTS_WEBHOOK_URL`. */
  EVENTS_WEBHOOK_SECRET?: string
  /** URL of the application that is asked before each link, so that it can move its own data. */
  ADOPTION_URL?: string
  /** The `whsec_` key that signs requests to `ADOPTION_URL`. */
  ADOPTION_SECRET?: string
  /** The operator's rules of linking. */
  policy: LinkPolicy
  /** Options with invalid text, whose safest value is used. */
  problems: UnreadableOption[]
}

/**
 * Reads the Action's settings from its secrets.
 *
 * @param secrets - `event.secrets`.
 * @returns Undefined if a required secret is missing.
 */
export function readSettings(secrets: Record<string, string | undefined>): Settings | undefined {
  if (REQUIRED.some((name) => !secrets[name])) return
  const textOf = (name: string) => secrets[SECRET_PREFIX + name]
  const rules = readOptions(POLICY_OPTIONS, textOf)
  const login = readOptions(LOGIN_OPTIONS, textOf)
  return {
    ...(secrets as unknown as Settings),
    ...login.values,
    policy: rules.values,
    problems: [...rules.problems, ...login.problems],
  }
}
