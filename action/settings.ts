import { DEFAULT_TRUSTED, type LinkPolicy, splitList, unreadableEntries } from '../core'

/** The secrets that are needed; they have the names of Auth0's published Action. */
const REQUIRED = [
  'MANAGEMENT_API_DOMAIN',
  'MANAGEMENT_API_CLIENT_ID',
  'MANAGEMENT_API_CLIENT_SECRET',
  'SESSION_TOKEN_SHARED_SECRET',
  'ACCOUNT_LINKING_SERVICE_URL',
] as const

/** The Action's secrets, with defaults for those that may be left out. */
export interface Settings extends Record<(typeof REQUIRED)[number], string> {
  /** Receives an event for every link, with the secret as its bearer token. */
  EVENTS_WEBHOOK_URL?: string
  EVENTS_WEBHOOK_SECRET?: string
  mode: string
  policy: LinkPolicy
  /** Entries of the lists of connections that cannot be read: they grant nothing, and forbid whatever they may mean. */
  unreadable: string[]
  /** Seconds for which "not now" holds. */
  declineLife: number
  /** Seconds after which an account is looked at again. */
  markLife: number
  /** Whether logins with an organization are offered anything. */
  organizations: boolean
  /** Namespaced ID-token claim that tells the application of a link; empty for none. */
  claim: string
}

/**
 * Reads the secrets.
 *
 * @param secrets - `event.secrets`.
 * @returns The settings, or nothing where one that is needed is missing.
 */
export function readSettings(secrets: Record<string, string | undefined>): Settings | undefined {
  if (REQUIRED.some((name) => !secrets[name])) return
  const option = (name: string, standard = '') => secrets[`ACCOUNT_LINKING_${name}`]?.trim() || standard
  // Of PRIMARY, `oldest` is no connection's name and so leaves the choice to age.
  const list = (name: string, standard?: string) => splitList(option(name, standard))
  const days = (name: string, standard: string) => Number(option(name, standard)) * 86_400
  const policy: LinkPolicy = {
    trusted: list('TRUSTED_CONNECTIONS', DEFAULT_TRUSTED.join()),
    blocked: list('BLOCKED_CONNECTIONS'),
    provisioned: list('PROVISIONED_CONNECTIONS'),
    primary: list('PRIMARY', 'oldest'),
    fillUserMetadata: option('USER_METADATA') !== 'none',
    appMetadataKeys: list('APP_METADATA_KEYS'),
    refuseKeys: list('REFUSE_APP_METADATA_KEYS'),
  }
  return {
    ...(secrets as unknown as Settings),
    mode: option('MODE', 'offer'),
    policy,
    unreadable: unreadableEntries([
      ...policy.trusted,
      ...policy.blocked,
      ...policy.provisioned,
      ...policy.primary,
    ]),
    declineLife: days('DECLINE_DAYS', '30'),
    markLife: days('MARK_DAYS', '90'),
    organizations: option('ORGANIZATIONS') === 'on',
    claim: option('CLAIM'),
  }
}
