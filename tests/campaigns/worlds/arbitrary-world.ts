/**
 * Arbitrary worlds in JSON: two accounts of one person, the operator's rules, and what happens between link and undo.
 * @module
 */
import fc from 'fast-check'
import { arbitraryRights, type WorldRights } from './world-rights'

/** An account as a tenant may hold it, however it was created. */
export interface WorldAccount {
  id: string
  provider: string
  email: string
  email_verified: unknown
  blocked: boolean | undefined
  name: string
  created_at: string
  logins_count: number
  user_metadata: Record<string, unknown>
  app_metadata: Record<string, unknown>
  /** Ids of further identities at GitHub. */
  further: string[]
}

/** One world. */
export interface ArbitraryWorld {
  current: WorldAccount
  other: WorldAccount
  fillUserMetadata: boolean
  appMetadataKeys: string[]
  /** The rights of the accounts; undefined if the operator granted no scope to read them. */
  rights: WorldRights | undefined
  /** How the link ends. */
  end: 'undo' | 'disconnect' | 'by other means'
  /** Which call of restoring fails the first time; a number beyond the last call means none. */
  fails: number
  /** What another program writes into the primary account between link and end. */
  written: Record<string, unknown>
}

/** Names that have a meaning in some program. */
const NAMES = [
  ...[
    'theme',
    'plan',
    'a.b',
    '.',
    '$',
    '$set',
    '100%',
    '%2E',
    '%',
    '',
    '__proto__',
    'constructor',
    'prototype',
  ],
  ...['toString', 'ключ', 'e\u0301', '\ud800', '\u{1F600}', 'a b', '"', '\\', 'user_metadata', 'email'],
  ...['account_linking', 'account_linking_', 'account_linking_note', 'account_linking_timestamp'],
  ...['account_linking_journal', 'account_linking_0123456789ab', 'account_linking_held_0123456789ab'],
]
const name = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...NAMES) },
  { weight: 2, arbitrary: fc.string({ maxLength: 6 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
)
const scalar = fc.oneof(
  fc.constantFrom(
    null,
    null,
    true,
    false,
    0,
    -0,
    1,
    '',
    [],
    {},
    JSON.parse('12345678901234567890'),
    5e-324,
    1.7976931348623157e308,
  ),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const large = fc.integer({ min: 500, max: 3_500 }).map((length) => 'x'.repeat(length))
const deep = fc.integer({ min: 1, max: 1_600 }).map((depth) => nested(depth))
/** Values that look like those that we store in `app_metadata`. */
const likeOurs = fc.constantFrom<unknown>(
  { note: 'x' },
  { looked: { until: 1, key: 'k' } },
  { declined: {}, last: null },
  { entries: [] },
  { at: 1_700_000_000, user_id: 'github|0' },
  1_700_000_000_000,
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 20, arbitrary: scalar },
    { weight: 3, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    { weight: 6, arbitrary: fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map(fromEntries) },
    { weight: 2, arbitrary: likeOurs },
  ),
}))
const field = fc.tuple(
  name,
  fc.oneof({ weight: 60, arbitrary: value }, { weight: 1, arbitrary: large }, { weight: 1, arbitrary: deep }),
)
const metadata = fc.array(field, { maxLength: 5 }).map(fromEntries)

const id = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('1', 'ann', 'a|b', 'a/b', '%2e%2e', 'a b', 'ключ', '100%', '?', '#;'),
  },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 8 }) },
)

const account = (providers: string[]): fc.Arbitrary<WorldAccount> =>
  fc.record({
    id,
    provider: fc.constantFrom(...providers),
    email: fc.constantFrom('ann@example.com', 'ann@example.com', 'ann@example.com', 'Ann@Example.com'),
    email_verified: fc.constantFrom<unknown>(...Array(40).fill(true), false, undefined, 'true'),
    blocked: fc.constantFrom<boolean | undefined>(
      ...Array(20).fill(undefined),
      ...Array(8).fill(false),
      true,
    ),
    name: fc.string({ minLength: 1, maxLength: 8 }),
    created_at: fc
      .integer({ min: 1_500_000_000, max: 1_750_000_000 })
      .map((seconds) => new Date(seconds * 1_000).toISOString()),
    logins_count: fc.nat(9),
    user_metadata: metadata,
    app_metadata: metadata,
    further: fc.oneof(
      { weight: 6, arbitrary: fc.constant<string[]>([]) },
      { weight: 1, arbitrary: fc.constantFrom<string[]>(['7'], ['..']) },
    ),
  })

/** Any world. */
export const arbitraryWorld: fc.Arbitrary<ArbitraryWorld> = fc.record({
  current: account(['google-oauth2', 'google-oauth2', 'email', 'samlp']),
  other: account(['auth0', 'auth0', 'apple']),
  fillUserMetadata: fc.boolean(),
  appMetadataKeys: fc.uniqueArray(name, { maxLength: 4 }),
  rights: arbitraryRights,
  end: fc.constantFrom('undo', 'undo', 'disconnect', 'by other means'),
  fails: fc.integer({ min: 0, max: 30 }),
  written: fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom('theme', 'plan', 'new'), scalar).map((each) => fromEntries([each])),
    },
  ),
})

/** Builds an object as JSON does: `__proto__` is a name like any other. */
function fromEntries(entries: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries)
}

function nested(depth: number): unknown {
  let inner: unknown = 1
  for (let level = 0; level < depth; level += 1) inner = [inner]
  return inner
}
