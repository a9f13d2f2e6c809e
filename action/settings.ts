import {
  type LinkPolicy,
  LOGIN_OPTIONS,
  type OptionValues,
  POLICY_OPTIONS,
  readOptions,
  SECRET_PREFIX,
  type UnreadableOption,
} from '../core'

/** The secrets that are needed; they have the names of Auth0's published Action. */
const REQUIRED = [
  'MANAGEMENT_API_DOMAIN',
  'MANAGEMENT_API_CLIENT_ID',
  'MANAGEMENT_API_CLIENT_SECRET',
  'SESSION_TOKEN_SHARED_SECRET',
  'ACCOUNT_LINKING_SERVICE_URL',
] as const

/** The Action's secrets, with defaults for those that may be left out. */
export interface Settings
  extends Record<(typeof REQUIRED)[number], string>,
    OptionValues<typeof LOGIN_OPTIONS> {
  /** Receives an event for every link, with the secret as its bearer token. */
  EVENTS_WEBHOOK_URL?: string
  EVENTS_WEBHOOK_SECRET?: string
  /** Is asked before a link, so that an application can move its own data, and the `whsec_` key that signs this. */
  ADOPTION_URL?: string
  ADOPTION_SECRET?: string
  /** The operator's rules of linking. */
  policy: LinkPolicy
  /** Options whose text cannot be read: their safest reading holds. */
  problems: UnreadableOption[]
}

/**
 * Reads the secrets by the table of rules.
 *
 * @param secrets - `event.secrets`.
 * @returns The settings, or nothing if one that is needed is missing.
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
