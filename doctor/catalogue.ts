/**
 * Everything that can be found: how much it matters, and why. Listed in docs/doctor.md.
 * @module
 */

/** An error breaks sign-ins or links, a warning some of them or later; a note is good to know. */
export type Severity = 'error' | 'warning' | 'note'

/** Every code, with what never changes about it. */
export const CATALOGUE = {
  environment_unusable: { severity: 'error', why: 'The service refuses to start.' },
  login_domain_wrong: { severity: 'error', why: 'People are sent there to prove an account.' },
  canonical_domain_wrong: { severity: 'error', why: 'The Management API is called there.' },
  clock_skew: {
    severity: 'error',
    why: 'A token from a clock that goes ahead is refused, one from a clock that goes behind is too old.',
  },
  management_credentials_refused: {
    severity: 'error',
    why: 'Neither lookup nor link is possible without a token for the Management API.',
  },
  scopes_missing: {
    severity: 'error',
    why: 'Looking up, linking or the page "Sign-in methods" fails without them.',
  },
  scopes_excess: { severity: 'warning', why: 'Anyone who gets this secret can do all of it.' },
  scopes_optional_missing: {
    severity: 'note',
    why: 'Other devices stay signed in after a link or an unlink.',
  },
  service_unreachable: {
    severity: 'error',
    why: 'The Action sends no one to a service that does not answer.',
  },
  service_not_offering: { severity: 'warning', why: 'No one gets a prompt.' },
  service_not_ready: { severity: 'error', why: 'People who get the prompt cannot complete the link.' },
  step_up_without_factor: {
    severity: 'warning',
    why: 'People with a second factor can change nothing on the page "Sign-in methods".',
  },
  store_per_instance: {
    severity: 'note',
    why: 'With several instances, a token that was used at one is not known at another.',
  },
  service_secret_differs: { severity: 'error', why: 'Every person who is asked ends at an error page.' },
  previous_secret_refused: {
    severity: 'warning',
    why: 'Logins that began before the rotation end at an error page.',
  },
  sign_in_broken: {
    severity: 'error',
    why: 'People cannot sign in to the page "Sign-in methods", so they cannot connect or disconnect an account.',
  },
  service_origin_wrong: {
    severity: 'error',
    why: "The sign-in of the page ends at an address that is not the service's.",
  },
  service_client_differs: { severity: 'error', why: 'What is checked here is not what runs there.' },
  service_reads_older_snapshots: {
    severity: 'error',
    why: 'Details that a link kept would be given back under other names.',
  },
  cookie_flags: { severity: 'warning', why: 'Another host or a script could read or write the cookie.' },
  transport_not_strict: {
    severity: 'warning',
    why: 'A browser may come without TLS, and show its cookies to the network.',
  },
  application_missing: { severity: 'error', why: 'Its sign-ins fail.' },
  application_secret_refused: {
    severity: 'error',
    why: 'Codes cannot be exchanged, so no account is proven.',
  },
  callback_missing: { severity: 'error', why: 'The tenant refuses to send people back.' },
  logout_url_missing: { severity: 'warning', why: 'Signing out ends at an error page of the tenant.' },
  linking_client_unmarked: {
    severity: 'error',
    why: 'The Action asks again in the sign-in that proves the other account.',
  },
  id_token_algorithm: { severity: 'error', why: 'The service takes ID tokens signed with RS256 only.' },
  action_missing: { severity: 'error', why: 'No one gets a prompt at login.' },
  action_not_deployed: { severity: 'error', why: 'Logins run what is deployed.' },
  action_not_bound: { severity: 'error', why: 'Logins do not run it.' },
  action_differs: {
    severity: 'warning',
    why: 'What was changed in it is not tested with the service.',
  },
  version_differs: {
    severity: 'warning',
    why: 'Two versions work together while you upgrade, and only the same one is tested in everything.',
  },
  action_secrets_missing: { severity: 'error', why: 'The Action does nothing, and logs secrets_missing.' },
  action_secret_differs: { severity: 'error', why: "Neither side believes the other's tokens." },
  action_secret_unproven: { severity: 'note', why: "The values of an Action's secrets cannot be read." },
  action_settings_differ: {
    severity: 'warning',
    why: 'At login something else holds than this environment says.',
  },
  other_primary_switch: {
    severity: 'error',
    why: 'Two Actions that choose the account leave a login to chance.',
  },
  other_redirect: { severity: 'warning', why: 'A person is sent away twice in one login.' },
  action_before_denial: {
    severity: 'warning',
    why: 'People are asked to link in a login that is refused afterwards.',
  },
  no_connection_enabled: { severity: 'error', why: 'No account can be proven.' },
  connection_named_like_provider: {
    severity: 'error',
    why: 'Its name says that it is a provider which is trusted here, and it is another one: people and lists may take it for that.',
  },
  connection_name_bare: {
    severity: 'warning',
    why: 'A name can be given to a connection of any kind. From version 1.0 on it is not read without its strategy.',
  },
  connection_not_enabled: { severity: 'warning', why: 'Accounts of it are offered, but cannot be proven.' },
  developer_keys: {
    severity: 'warning',
    why: "With Auth0's developer keys a second sign-in shows no account, and single sign-on does not work.",
  },
  provisioned_unlisted: {
    severity: 'error',
    why: 'A provisioned account that becomes secondary is cut off from its directory.',
  },
  email_on_trust: {
    severity: 'warning',
    why: 'Anyone who sets the address there can claim the account of its owner.',
  },
  rate_limit_low: { severity: 'note', why: 'Each login that is looked at costs a call.' },
  leftover_rule: {
    severity: 'warning',
    why: "Auth0's Account Link extension is not maintained, and Rules have ended.",
  },
  leftover_client: { severity: 'warning', why: 'It has a secret and rights that no one needs any more.' },
  not_checked: { severity: 'note', why: 'What is not looked at may be broken.' },
} as const satisfies Record<string, { severity: Severity; why: string }>

/** Stable name of what was found. */
export type FindingCode = keyof typeof CATALOGUE

/** Something that was found. No field holds a secret. */
export interface Finding {
  code: FindingCode
  severity: Severity
  /** What is so. */
  what: string
  /** Why it matters. */
  why: string
  /** What to do about it. */
  fix: string
}

/**
 * Makes a finding.
 *
 * @param what - What is so, in a sentence.
 * @param fix - What to do about it, in a sentence.
 */
export function found(code: FindingCode, what: string, fix: string): Finding {
  return { code, severity: CATALOGUE[code].severity, what, why: CATALOGUE[code].why, fix }
}
