/**
 * Every problem that the doctor can find, with its severity and the reason why it matters. docs/doctor.md lists them.
 * @module
 */

/** An `error` breaks sign-ins or links. A `warning` breaks some of them, or will later. A `note` is good to know. */
export type Severity = 'error' | 'warning' | 'note'

/** Every code, with its severity and reason, which are the same for each finding of that code. */
export const CATALOGUE = {
  environment_unusable: { severity: 'error', why: 'The service refuses to start.' },
  login_domain_wrong: { severity: 'error', why: 'The service sends people there to prove an account.' },
  canonical_domain_wrong: { severity: 'error', why: 'The service calls the Management API there.' },
  clock_skew: {
    severity: 'error',
    why: 'The service refuses a token from a clock that is ahead as not yet valid, and one from a clock that is behind as expired.',
  },
  management_credentials_refused: {
    severity: 'error',
    why: 'Without a token for the Management API, the service can neither look up nor link accounts.',
  },
  scopes_missing: {
    severity: 'error',
    why: 'Without them, lookups, links or the page "Sign-in methods" fail.',
  },
  rights_unread: {
    severity: 'error',
    why: 'Links are refused as rights_unread, because the rule cannot be followed.',
  },
  rights_scopes_missing: {
    severity: 'warning',
    why: 'A link loses what the account that ends holds of it. The pages say so only in general, and an undo does not give it back.',
  },
  memberships_unreachable: {
    severity: 'warning',
    why: 'A membership is carried over only if one of its connections leads to the account that stays. Otherwise the link is refused as memberships_lost.',
  },
  profile_near_limit: {
    severity: 'warning',
    why: 'From 4 March 2027 Auth0 refuses profiles of more than 10 kB. A link that would make one larger than 9,000 bytes is refused as metadata_too_large.',
  },
  scopes_excess: { severity: 'warning', why: 'Anyone who obtains this secret can use all of these scopes.' },
  scopes_optional_missing: {
    severity: 'note',
    why: 'Without them, other devices stay signed in after a link or an unlink.',
  },
  way_back_scope_missing: {
    severity: 'note',
    why: 'Without it, the page "Sign-in methods" shows no link back to the application that a person came from.',
  },
  brand_unread: {
    severity: 'note',
    why: 'Pages show the name, logo and color of the environment, or our own, instead of those of the tenant.',
  },
  brand_contrast: {
    severity: 'note',
    why: 'People could not have read or seen it, so pages show another shade than your other pages.',
  },
  service_unreachable: {
    severity: 'error',
    why: 'The Action does not send people to a service that does not answer.',
  },
  service_not_offering: { severity: 'warning', why: 'The service asks no one to link accounts.' },
  service_not_ready: { severity: 'error', why: 'Users who are prompted cannot complete the link.' },
  step_up_without_factor: {
    severity: 'warning',
    why: 'People with a second factor can change nothing on the page "Sign-in methods".',
  },
  store_per_instance: {
    severity: 'note',
    why: 'With several instances, one instance does not know that another has already accepted a token.',
  },
  redis_evicts: {
    severity: 'warning',
    why: 'A full Redis drops keys: a used token may be accepted again, and background work may get lost.',
  },
  redis_outdated: {
    severity: 'warning',
    why: 'Background work is not tested with it.',
  },
  adoption_not_taken: {
    severity: 'error',
    why: 'No accounts are linked: each link asks the application first.',
  },
  adoption_unverified: {
    severity: 'error',
    why: 'Anyone who finds the address can have the data of one person moved to another.',
  },
  smtp_unreachable: {
    severity: 'error',
    why: 'No one is told when a sign-in method is added or removed.',
  },
  smtp_refused: {
    severity: 'error',
    why: 'No one is told when a sign-in method is added or removed.',
  },
  event_stream_missing: {
    severity: 'warning',
    why: 'The service does not learn of links and unlinks that others make.',
  },
  event_stream_disabled: {
    severity: 'warning',
    why: 'The service does not learn of links and unlinks that others make. Auth0 disables a stream whose deliveries keep failing.',
  },
  event_stream_incomplete: {
    severity: 'warning',
    why: 'The service cannot tell all links and unlinks that others make from old ones.',
  },
  service_secret_differs: { severity: 'error', why: 'Everyone who is asked to link ends on an error page.' },
  previous_secret_refused: {
    severity: 'warning',
    why: 'Logins that began before the rotation end on an error page.',
  },
  sign_in_broken: {
    severity: 'error',
    why: 'People cannot sign in to the page "Sign-in methods", so they cannot connect or disconnect an account.',
  },
  service_origin_wrong: {
    severity: 'error',
    why: 'The sign-in of the page ends at an address that does not belong to the service.',
  },
  service_client_differs: {
    severity: 'error',
    why: 'The doctor checks another configuration than the service runs with.',
  },
  service_reads_older_snapshots: {
    severity: 'error',
    why: 'The service would restore metadata of a link under the wrong names.',
  },
  cookie_flags: { severity: 'warning', why: 'Another host or a script could read or write the cookie.' },
  transport_not_strict: {
    severity: 'warning',
    why: 'A browser may connect without TLS and expose its cookies to the network.',
  },
  application_missing: { severity: 'error', why: 'Sign-ins to it fail.' },
  application_secret_refused: {
    severity: 'error',
    why: 'The service cannot exchange codes, so people cannot prove an account.',
  },
  callback_missing: { severity: 'error', why: 'The tenant refuses to send people back.' },
  logout_url_missing: { severity: 'warning', why: 'Signing out ends on an error page of the tenant.' },
  linking_client_unmarked: {
    severity: 'error',
    why: 'The Action also runs in the sign-in that proves the other account, and asks again.',
  },
  id_token_algorithm: { severity: 'error', why: 'The service accepts only ID tokens signed with RS256.' },
  api_missing: {
    severity: 'warning',
    why: "Applications get no token for the service's API, so they cannot show people their sign-in methods.",
  },
  api_differs: {
    severity: 'warning',
    why: 'The service accepts only tokens that are signed with RS256 and hold its scope.',
  },
  action_missing: { severity: 'error', why: 'The tenant asks no one to link at login.' },
  action_not_deployed: { severity: 'error', why: 'Logins run the deployed version.' },
  action_not_bound: { severity: 'error', why: 'Logins do not run it.' },
  action_differs: {
    severity: 'warning',
    why: 'Changes to the Action are not tested with the service.',
  },
  version_differs: {
    severity: 'warning',
    why: 'Two different versions work together while you upgrade, but every test runs with the same version on both sides.',
  },
  action_secrets_missing: { severity: 'error', why: 'The Action does nothing, and logs secrets_missing.' },
  action_secret_differs: { severity: 'error', why: "Service and Action refuse each other's tokens." },
  action_secret_unproven: { severity: 'note', why: "The values of an Action's secrets cannot be read." },
  action_settings_differ: {
    severity: 'warning',
    why: 'At login the Action applies other settings than the service.',
  },
  other_primary_switch: {
    severity: 'error',
    why: 'If two Actions choose the primary account, the result of a login is unpredictable.',
  },
  other_redirect: { severity: 'warning', why: 'One login redirects a person twice.' },
  action_before_denial: {
    severity: 'warning',
    why: 'People are asked to link in a login that the tenant then refuses.',
  },
  no_connection_enabled: { severity: 'error', why: 'People cannot prove any account.' },
  connection_named_like_provider: {
    severity: 'error',
    why: 'The name is that of a trusted provider, but the connection belongs to another one. People and lists may confuse the two.',
  },
  connection_name_bare: {
    severity: 'warning',
    why: 'A connection of any kind can have this name. From version 1.0 on, an entry without a strategy is ignored.',
  },
  connection_not_enabled: {
    severity: 'warning',
    why: 'Its accounts are offered, but people cannot prove them.',
  },
  developer_keys: {
    severity: 'warning',
    why: "With Auth0's developer keys, a second sign-in shows no account, and single sign-on does not work.",
  },
  provisioned_unlisted: {
    severity: 'error',
    why: 'A provisioned account that becomes secondary loses its connection to its directory.',
  },
  email_on_trust: {
    severity: 'warning',
    why: 'Anyone who sets the email address there can claim the account of its owner.',
  },
  rate_limit_low: { severity: 'note', why: 'Each login with a lookup costs a call.' },
  leftover_rule: {
    severity: 'warning',
    why: 'Auth0 does not maintain its Account Link extension, and has ended Rules.',
  },
  leftover_client: { severity: 'warning', why: 'It has a secret and permissions that are no longer needed.' },
  not_checked: { severity: 'note', why: 'Parts that were not checked may be broken.' },
} as const satisfies Record<string, { severity: Severity; why: string }>

/** The stable name of a problem. */
export type FindingCode = keyof typeof CATALOGUE

/** A problem that the doctor found. No field holds a secret. */
export interface Finding {
  code: FindingCode
  severity: Severity
  /** What is wrong. */
  what: string
  /** Why it matters. */
  why: string
  /** How to fix it. */
  fix: string
}

/**
 * Creates a finding.
 *
 * @param what - What is wrong, in a sentence.
 * @param fix - How to fix it, in a sentence.
 */
export function createFinding(code: FindingCode, what: string, fix: string): Finding {
  return { code, severity: CATALOGUE[code].severity, what, why: CATALOGUE[code].why, fix }
}
