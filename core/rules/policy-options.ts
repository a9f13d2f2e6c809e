/**
 * The table of the operator's rules. The service, the Action, provisioning, the doctor, `.env.example` and
 * docs/configuration.md all follow it: to add a rule, add a row here and its words in {@link OPTION_WORDS}.
 * @module
 */
/**
 * How an option's text is read. If it is invalid, the service does not start. The Action cannot refuse to start: it logs a
 * line and uses the safest value, which depends on the kind or the row.
 *
 * - `allow`: a list of providers and connections that grants something. An invalid entry grants nothing.
 * - `deny`: a list of providers and connections that keeps accounts from being linked or from becoming secondary. An invalid
 *   entry forbids whatever it may mean.
 * - `order`: an `allow` list whose order matters, or one of the row's words. One invalid entry makes the whole list count as
 *   the row's `unknown`.
 * - `keys`: a list of names. Any text is valid.
 * - `choice`: one of the row's words. Any other text counts as the row's `unknown`. Undefined if there is no text and no default.
 * - `switch`: like `choice`, with two words, read as true and false.
 * - `days`: a number of days, perhaps with a fraction, read as seconds. Any other text counts as the row's `unknown`.
 * - `text`: any text.
 */
export type OptionKind = 'allow' | 'deny' | 'order' | 'keys' | 'choice' | 'switch' | 'days' | 'text'

/** A row of the table. */
export interface PolicyOption {
  /** The service's variable. The Action's secret is {@link SECRET_PREFIX} followed by this name. */
  readonly name: string
  readonly kind: OptionKind
  /** The words of a `choice`, a `switch` (true first) or an `order`. */
  readonly values?: readonly string[]
  /** The text that counts if the variable is not set. By default none. */
  readonly default?: string
  /** The text that counts in place of an invalid one. By default the same as `default`. */
  readonly unknown?: string
}

/** The rules that the service and the Action decide by. The keys are the fields of {@link LinkPolicy}. */
export const POLICY_OPTIONS = {
  /** Providers and connections whose verified email address is believed. */
  trusted: {
    name: 'TRUSTED_CONNECTIONS',
    kind: 'allow',
    default: 'auth0,email,google-oauth2,apple,github',
  },
  /** Providers and connections that are left out although they are trusted. */
  blocked: { name: 'BLOCKED_CONNECTIONS', kind: 'deny' },
  /** Providers and connections that SCIM or directory sync feeds: their accounts must stay. */
  provisioned: { name: 'PROVISIONED_CONNECTIONS', kind: 'deny' },
  /**
   * Which account stays if no earlier rule of {@link decidePrimary} decides: providers and connections in order of
   * preference, or `most_used` alone. If this does not decide either, the older account stays.
   */
  primary: {
    name: 'PRIMARY',
    kind: 'order',
    values: ['oldest', 'most_used'],
    default: 'oldest',
  },
  /** Whether `user_metadata` keys that the primary account lacks are carried over. */
  fillUserMetadata: {
    name: 'USER_METADATA',
    kind: 'switch',
    values: ['fill', 'none'],
    default: 'fill',
    unknown: 'none',
  },
  /** `app_metadata` keys that are carried over. None by default, because roles and plans are often stored there. */
  appMetadataKeys: { name: 'APP_METADATA_KEYS', kind: 'keys' },
  /** What happens to roles that only the secondary account has. */
  roles: { name: 'ROLES', kind: 'choice', values: ['refuse', 'carry', 'drop'], unknown: 'refuse' },
  /** What happens to directly assigned permissions that only the secondary account has. */
  permissions: {
    name: 'PERMISSIONS',
    kind: 'choice',
    values: ['refuse', 'carry', 'drop'],
    unknown: 'refuse',
  },
  /** What happens to organization memberships, and roles in them, that only the secondary account has. */
  memberships: {
    name: 'MEMBERSHIPS',
    kind: 'choice',
    values: ['refuse', 'carry', 'drop'],
    unknown: 'refuse',
  },
  /** What happens to second factors and passkeys that only the secondary account has. They cannot be carried over. */
  factors: { name: 'FACTORS', kind: 'choice', values: ['refuse', 'enroll', 'drop'], unknown: 'refuse' },
  /** `app_metadata` keys that keep an account from being linked, primary or secondary, while they are not null. */
  refuseKeys: { name: 'REFUSE_APP_METADATA_KEYS', kind: 'keys' },
} as const satisfies Record<string, PolicyOption>

/** Further options of the Action. The keys are fields of its settings. */
export const LOGIN_OPTIONS = {
  /** Whether accounts are offered, only looked up and logged, or neither. */
  mode: {
    name: 'MODE',
    kind: 'choice',
    values: ['offer', 'observe', 'off'],
    default: 'offer',
    unknown: 'off',
  },
  /** Seconds until a "Not now" expires. */
  declineLife: { name: 'DECLINE_DAYS', kind: 'days', default: '30' },
  /** Seconds after which a login looks for other accounts again. */
  markLife: { name: 'MARK_DAYS', kind: 'days', default: '90' },
  /** Whether accounts are also offered at logins to an organization. */
  organizations: {
    name: 'ORGANIZATIONS',
    kind: 'switch',
    values: ['on', 'off'],
    default: 'off',
  },
  /** Namespaced ID-token claim that tells the application about a link; empty for none. */
  claim: { name: 'CLAIM', kind: 'text' },
} as const satisfies Record<string, PolicyOption>

/**
 * What each option is for, in words for operators. Not in the rows, because the Action does not need the words and its size is
 * limited.
 */
export const OPTION_WORDS: Record<OptionName, string> = {
  TRUSTED_CONNECTIONS: 'providers and connections whose verified email address is believed',
  BLOCKED_CONNECTIONS:
    'providers and connections that are left out although trusted; the page does not connect them at all',
  PROVISIONED_CONNECTIONS:
    'providers and connections that SCIM or directory sync feeds: their accounts always stay',
  PRIMARY: 'which account stays: `oldest`, `most_used`, or providers and connections in order of preference',
  USER_METADATA: '`none` carries no `user_metadata` over; `fill` fills in what the account that stays lacks',
  APP_METADATA_KEYS: 'keys of `app_metadata` that are carried over',
  ROLES:
    'what becomes of roles that only the account that ends holds: `refuse` (no link), `carry` (the account that stays is given them), `drop` (lost). If not set: `refuse`, as far as the scopes are granted to read them',
  PERMISSIONS: 'the same for permissions that it holds directly',
  MEMBERSHIPS: 'the same for memberships of organizations, and the roles in them',
  FACTORS:
    'the same for second factors and passkeys, which cannot be carried: `refuse`, `enroll` (the person is asked to set one up again; no link if other rights would be carried), `drop`',
  REFUSE_APP_METADATA_KEYS:
    "keys of `app_metadata` that keep an account from being linked, on either side, while they are there and not null, such as `suspended`. Auth0's published Actions do not know it",
  MODE: '`offer`; `observe` looks up and logs, and sends no login to the service; `off` does nothing',
  DECLINE_DAYS: 'how long "Not now" holds, in days',
  MARK_DAYS: 'after how many days an account is looked at again',
  ORGANIZATIONS: '`on` offers in logins with an organization too',
  CLAIM: 'namespaced ID-token claim, set to `linked` in the login that linked',
}

/** Some rows of the table, by field. */
export type PolicyOptions = Readonly<Record<string, PolicyOption>>
/** The names of all rules and options: the service's variables. */
export type OptionName = PolicyName | (typeof LOGIN_OPTIONS)[keyof typeof LOGIN_OPTIONS]['name']
/** The names of the rules that the service and the Action decide by. */
export type PolicyName = (typeof POLICY_OPTIONS)[keyof typeof POLICY_OPTIONS]['name']

/** The value of an option, by its kind. */
export type ValueOf<Option extends PolicyOption> = Option['kind'] extends 'switch'
  ? boolean
  : Option['kind'] extends 'days'
    ? number
    : Option extends { kind: 'choice'; values: readonly (infer Word)[] }
      ? Word | (Option extends { default: string } ? never : undefined)
      : Option['kind'] extends 'text'
        ? string
        : string[]
/** The values of some rows, by field. */
export type OptionValues<Options extends PolicyOptions> = {
  -readonly [Field in keyof Options]: ValueOf<Options[Field]>
}

/** The values of all of the operator's linking rules. */
export type LinkPolicy = OptionValues<typeof POLICY_OPTIONS>

/** The fields of {@link LinkPolicy} that are lists. */
export type ListField = {
  [Field in keyof LinkPolicy]: LinkPolicy[Field] extends string[] ? Field : never
}[keyof LinkPolicy]

/** Prefix of an option's name in the Action's secrets. */
export const SECRET_PREFIX = 'ACCOUNT_LINKING_'

/** Whether an option is a list of providers and connections. */
export const isConnectionList = ({ kind }: Pick<PolicyOption, 'kind'>): boolean =>
  ['allow', 'deny', 'order'].includes(kind)

/**
 * The rules that are lists of connections and grant something. From version 1.0 on, they will not accept a connection's name
 * without its strategy. `deny` lists will: there such a name forbids more than one connection.
 */
export function allowRules(): { field: ListField; option: PolicyOption }[] {
  const rules: [string, PolicyOption][] = Object.entries(POLICY_OPTIONS)
  return rules
    .filter(([, { kind }]) => kind === 'allow' || kind === 'order')
    .map(([field, option]) => ({ field: field as ListField, option }))
}
