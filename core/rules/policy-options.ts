/**
 * The table of the operator's rules. The service, the Action, provisioning, the doctor, `.env.example` and
 * docs/configuration.md all follow it: a new rule is one row here, with its words.
 * @module
 */
/**
 * How the text of an option is read. Text that cannot be read keeps the service from starting. The Action cannot refuse to
 * start: it takes the safest reading, which each kind or row names, and logs a line.
 *
 * - `allow`: a list of providers and connections that grants something. An entry that cannot be read grants nothing.
 * - `deny`: a list of providers and connections that keeps accounts from being linked, or from ending. An entry that cannot be
 *   read forbids whatever it may mean.
 * - `order`: an `allow` list whose order matters, or one of some words. With an entry that cannot be read, none of the
 *   list counts.
 * - `keys`: a list of names. Every text can be read.
 * - `choice`: one of some words. Any other text counts as the row's `unknown`. Without a default, it is undefined if it is not set.
 * - `switch`: the same with two words, read as true and false.
 * - `days`: a number, with a fraction or without, read as seconds. Any other text counts as the row's `unknown`.
 * - `text`: any text.
 */
export type OptionKind = 'allow' | 'deny' | 'order' | 'keys' | 'choice' | 'switch' | 'days' | 'text'

/** A row of the table. */
export interface PolicyOption {
  /** The service's variable; the Action's secret has the same name behind {@link SECRET_PREFIX}. */
  readonly name: string
  readonly kind: OptionKind
  /** The words of a `choice`, a `switch` (true first) or an `order`. */
  readonly values?: readonly string[]
  /** The value if the variable is not set, as the operator would write it. By default none. */
  readonly default?: string
  /**
   * The value that unreadable text stands for, as the operator would write it. By default the same as if the variable is not set.
   */
  readonly unknown?: string
}

/** The rules that the service and the Action decide by, under the name that each has in a {@link LinkPolicy}. */
export const POLICY_OPTIONS = {
  /** Providers and connections whose verified email address is believed. */
  trusted: {
    name: 'TRUSTED_CONNECTIONS',
    kind: 'allow',
    default: 'auth0,email,google-oauth2,apple,github',
  },
  /** Those that are left out although they are trusted. */
  blocked: { name: 'BLOCKED_CONNECTIONS', kind: 'deny' },
  /** Those that SCIM or directory sync feeds: their accounts must stay. */
  provisioned: { name: 'PROVISIONED_CONNECTIONS', kind: 'deny' },
  /**
   * Which account stays, if provisioning and the number of identities do not decide: providers and connections in order of
   * preference, or `most_used` alone. If it does not decide either, the older account stays.
   */
  primary: {
    name: 'PRIMARY',
    kind: 'order',
    values: ['oldest', 'most_used'],
    default: 'oldest',
  },
  /** Whether missing `user_metadata` keys are filled in from the account that ends. */
  fillUserMetadata: {
    name: 'USER_METADATA',
    kind: 'switch',
    values: ['fill', 'none'],
    default: 'fill',
    unknown: 'none',
  },
  /** `app_metadata` keys that are carried over too. Roles and plans are often kept there, so none by default. */
  appMetadataKeys: { name: 'APP_METADATA_KEYS', kind: 'keys' },
  /** What becomes of roles that only the account that ends holds. */
  roles: { name: 'ROLES', kind: 'choice', values: ['refuse', 'carry', 'drop'], unknown: 'refuse' },
  /** The same for permissions that it holds directly. */
  permissions: {
    name: 'PERMISSIONS',
    kind: 'choice',
    values: ['refuse', 'carry', 'drop'],
    unknown: 'refuse',
  },
  /** The same for memberships of organizations, and the roles in them. */
  memberships: {
    name: 'MEMBERSHIPS',
    kind: 'choice',
    values: ['refuse', 'carry', 'drop'],
    unknown: 'refuse',
  },
  /** The same for second factors and passkeys; they cannot be carried over. */
  factors: { name: 'FACTORS', kind: 'choice', values: ['refuse', 'enroll', 'drop'], unknown: 'refuse' },
  /** `app_metadata` keys that keep an account from being linked, on either side, while they are there and not null. */
  refuseKeys: { name: 'REFUSE_APP_METADATA_KEYS', kind: 'keys' },
} as const satisfies Record<string, PolicyOption>

/** Further options of the Action, under the name that each has in its settings. */
export const LOGIN_OPTIONS = {
  /** Whether accounts are offered, or only looked up and logged. */
  mode: {
    name: 'MODE',
    kind: 'choice',
    values: ['offer', 'observe', 'off'],
    default: 'offer',
    unknown: 'off',
  },
  /** Seconds for which "not now" holds. */
  declineLife: { name: 'DECLINE_DAYS', kind: 'days', default: '30' },
  /** Seconds after which an account is looked at again. */
  markLife: { name: 'MARK_DAYS', kind: 'days', default: '90' },
  /** Whether logins with an organization are offered anything. */
  organizations: {
    name: 'ORGANIZATIONS',
    kind: 'switch',
    values: ['on', 'off'],
    default: 'off',
  },
  /** Namespaced ID-token claim that tells the application of a link; empty for none. */
  claim: { name: 'CLAIM', kind: 'text' },
} as const satisfies Record<string, PolicyOption>

/**
 * What each option is for, in words for operators. Apart from the rows, because the Action has no use for them and its size
 * is limited.
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
/** The names of all rules and options, as the service's variables are called. */
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

/** Everything the linking rules ask the operator. */
export type LinkPolicy = OptionValues<typeof POLICY_OPTIONS>

/** The rules that are lists. */
export type ListField = {
  [Field in keyof LinkPolicy]: LinkPolicy[Field] extends string[] ? Field : never
}[keyof LinkPolicy]

/** Comes before an option's name among the secrets of the Action. */
export const SECRET_PREFIX = 'ACCOUNT_LINKING_'

/** Whether an option is a list of providers and connections. */
export const isConnectionList = ({ kind }: Pick<PolicyOption, 'kind'>): boolean =>
  ['allow', 'deny', 'order'].includes(kind)

/**
 * The rules that are lists of connections and grant something. From version 1.0 on they do not take a connection's name without
 * its strategy. `deny` lists go on taking it, because it means more there than any one connection.
 */
export function allowRules(): { field: ListField; option: PolicyOption }[] {
  const rules: [string, PolicyOption][] = Object.entries(POLICY_OPTIONS)
  return rules
    .filter(([, { kind }]) => kind === 'allow' || kind === 'order')
    .map(([field, option]) => ({ field: field as ListField, option }))
}
