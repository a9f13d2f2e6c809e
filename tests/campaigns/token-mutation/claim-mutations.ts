/**
 * Changed claims, signed with the right key: only their contents can give them away.
 * @module
 */
import { type Claims, encode } from './genuine'
import type { TokenWorld } from './world'

/** The path of a claim: its name, or the names and positions that lead to it. */
export type Path = (string | number)[]

const IDENTITY = ['user_id', 'provider', 'connection']
const belowOf = (name: string): Path[] => [[name], ...IDENTITY.map((part) => [name, part])]

const PATHS: Path[] = [
  ...['iss', 'sub', 'iat', 'exp', 'jti', 'purpose', 'txn', 'state', 'result', 'never'].map((name) => [name]),
  ...['email', 'continue_url', 'client_id', 'ui_locales', 'previous', 'nbf'].map((name) => [name]),
  ...['current_identity', 'primary_identity', 'secondary_identity'].flatMap(belowOf),
  ['candidate_identities'],
  ...[0, 1].flatMap((index): Path[] => [
    ...belowOf('').map(([, ...below]): Path => ['candidate_identities', index, ...below]),
    ['candidate_identities', index, 'also'],
  ]),
]
/** Claims that have a meaning even for a recipient that does not expect them. */
const ANYWHERE = ['purpose', 'nbf', 'state', 'result']

/** The paths of a token's claims, and of some that it does not have. */
export const pathsOf = (claims: Claims): Path[] =>
  PATHS.filter(([name = '']) => name in claims || ANYWHERE.includes(`${name}`))

/** Values of every JSON type, including unusual ones. */
export const VALUES: unknown[] = [
  ...[null, true, false, 0, 1, -1, 1.5, 1e308, -1e308, '', ' ', 'x', '|', 'auth0|', '|ann', 'auth0|ann'],
  ...[
    '\0',
    '\uFFFD',
    'auth0|\0',
    'auth0|ann\n',
    'auth0｜ann',
    'аuth0|ann',
    '😀|😀',
    '__proto__',
    '0',
    'true',
  ],
  ...[[], {}, [[]], [null], [{}], ['auth0|ann'], { user_id: 'auth0|ann' }, { length: 1 }],
  ...['account-link.request', 'account-link.result', 'link', 'declined', 'skipped', 'failed', 'toString'],
]

/** Changes a value to one that a careless comparison might confuse with it. */
export const ALTERATIONS: ((value: unknown, world: TokenWorld) => unknown)[] = [
  (value) => [value],
  (value) => ({ 0: value, length: 1 }),
  (value) => ({ toString: value, value }),
  (value) => String(value),
  (value) => Number(value) || 0,
  (value) => `${value} `,
  (value) => ` ${value}`,
  (value) => `${value}\0`,
  (value) => `${value}\n`,
  (value) => `${value}/`,
  (value) => `${value}.evil.test`,
  (value) => `${value}|x`,
  (value) => `https://${value}/`,
  (value) => `${value}:443`,
  (value) => String(value).toUpperCase(),
  (value) => String(value).slice(0, -1),
  (value) => String(value).slice(1),
  (value) => String(value).replace('|', '%7C'),
  (value) => String(value).replace('|', '｜'),
  (value) => String(value).replace('a', 'а'),
  (value) => `${value}`.normalize('NFD').replace('i', 'ı'),
  (value) => `${value}\u200D`,
  (value) => `x,${value}`,
  (value) => [value, value].join(),
  (value) => encode(String(value)),
  (value) => `${value}`.repeat(200),
  (_value, { candidates }) => candidates[0]?.user_id,
  (_value, { candidates }) => candidates[1]?.user_id,
  (_value, { candidates }) => candidates[0],
  (_value, { current }) => current,
  (_value, { current }) => current.user_id,
  (_value, { candidates }) =>
    Array.from({ length: 60 }, (_, index) => ({ ...candidates[0], user_id: `auth0|${index}` })),
  (_value, { candidates, current }) => [current, ...candidates, ...candidates],
  (_value, { issuers }) => issuers[0],
  (_value, { service }) => service,
  (_value, { txn }) => txn,
  (_value, { state }) => state,
]

/** Times in seconds, around every boundary. */
export function timesOf(now: number): unknown[] {
  const distances = [
    0, 1, 4, 5, 6, 29, 30, 31, 59, 60, 61, 119, 120, 121, 899, 900, 901, 3599, 3600, 3601, 86_400,
  ]
  const around = distances.flatMap((distance) => [now - distance, now + distance])
  const odd = [0, -0, -1, 1e308, -1e308, 2 ** 31, 2 ** 53, 2 ** 53 - 1, 2 ** 64, 5e-324, now * 1000, -now]
  return [
    ...around,
    ...around.slice(0, 12).flatMap((time) => [time + 0.5, time + 1e-6, String(time)]),
    ...odd,
    // Numbers that JSON can write but no program can represent.
    ...['1e400', '-1e400', '0e0', '1E2', `${now + 60}.0`, `${now + 60}e0`].map((text) => raw(text)),
    ...[null, true, '', 'now', [], {}, [now], undefined],
  ]
}

/** Stands for a piece of JSON that `JSON.stringify` does not produce. */
const raw = (text: string): string => `raw:${text}`

/** Claims as JSON, including the raw pieces. */
export const toJson = (claims: Claims): string => JSON.stringify(claims).replace(/"raw:([^"]*)"/g, '$1')

/** The value at a path. */
export const valueAt = (claims: unknown, path: Path): unknown =>
  path.reduce((value, name) => (value as Record<string | number, unknown> | undefined)?.[name], claims)

/** The same claims with one of them changed; `undefined` leaves it out. A path that leads nowhere changes nothing. */
export function withValue<Value>(claims: Value, [name, ...below]: Path, value: unknown): Value {
  if (typeof claims !== 'object' || claims === null || name === undefined) return claims
  const copy = (Array.isArray(claims) ? [...claims] : { ...claims }) as Record<string | number, unknown>
  if (below.length > 0) copy[name] = withValue(copy[name], below, value)
  else copy[name] = value
  return copy as Value
}

/** Entries for lists of candidates and for both identities of a pair: valid, incomplete and empty ones. */
export function identitiesOf({ current, candidates }: TokenWorld): unknown[] {
  const good = [current, current, ...candidates, ...candidates]
  const more = Array.from({ length: 40 }, (_, index) => ({
    user_id: `auth0|${index}`,
    provider: 'auth0',
    connection: 'db',
  }))
  const [first] = candidates
  const halves = [
    { user_id: 'ann' },
    { user_id: 5 },
    { user_id: '|' },
    { provider: 'google-oauth2' },
    { provider: 5 },
  ]
  const bent = [
    ...halves,
    { connection: '' },
    { connection: null },
    { connection: 'other' },
    { user_id: 'auth0' },
  ]
  return [
    ...good,
    ...more,
    ...bent.map((part) => ({ ...first, ...part })),
    ...[{}, null, [], 'auth0|ann', 5, [first], { user_id: first?.user_id }, { identity: first }],
  ]
}
