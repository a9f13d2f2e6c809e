import { describe, expect, it } from 'vitest'
import {
  allowRules,
  isConnectionList,
  LOGIN_OPTIONS,
  OPTION_WORDS,
  type OptionKind,
  optionProblem,
  POLICY_OPTIONS,
  type PolicyOption,
  readOption,
  readOptions,
  SECRET_PREFIX,
} from '@/core'

const ALL = { ...POLICY_OPTIONS, ...LOGIN_OPTIONS }
const DAY = 86_400
const NONE: string[] = []
const DEFAULT_TRUST = ['auth0', 'email', 'google-oauth2', 'apple', 'github']

/** [field, name, value if unset, [readable text, its value][], [unreadable text, value used instead]] */
const ROWS: [keyof typeof ALL, string, unknown, [string, unknown][], [string, unknown]?][] = [
  [
    'trusted',
    'TRUSTED_CONNECTIONS',
    DEFAULT_TRUST,
    [['auth0 samlp:acme', ['auth0', 'samlp:acme']]],
    ['auth0 odic:acme', ['auth0', 'odic:acme']],
  ],
  ['blocked', 'BLOCKED_CONNECTIONS', NONE, [['legacy', ['legacy']]], ['odic:acme', ['odic:acme']]],
  ['provisioned', 'PROVISIONED_CONNECTIONS', NONE, [['scim', ['scim']]], ['odic:acme', ['odic:acme']]],
  [
    'primary',
    'PRIMARY',
    ['oldest'],
    [
      ['most_used', ['most_used']],
      ['samlp, auth0', ['samlp', 'auth0']],
    ],
    ['auth0 odic:acme', ['oldest']],
  ],
  [
    'fillUserMetadata',
    'USER_METADATA',
    true,
    [
      ['fill', true],
      ['none', false],
    ],
    ['fil', false],
  ],
  ['appMetadataKeys', 'APP_METADATA_KEYS', NONE, [['plan, crm', ['plan', 'crm']]]],
  ['refuseKeys', 'REFUSE_APP_METADATA_KEYS', NONE, [['suspended', ['suspended']]]],
  ...(['roles', 'permissions', 'memberships'] as const).map((field): (typeof ROWS)[number] => [
    field,
    field.toUpperCase(),
    undefined,
    ['refuse', 'carry', 'drop'].map((word) => [word, word]),
    ['enroll', 'refuse'],
  ]),
  [
    'factors',
    'FACTORS',
    undefined,
    ['refuse', 'enroll', 'drop'].map((word) => [word, word]),
    ['carry', 'refuse'],
  ],
  ['mode', 'MODE', 'offer', ['offer', 'observe', 'off'].map((word) => [word, word]), ['Offer', 'off']],
  [
    'declineLife',
    'DECLINE_DAYS',
    30 * DAY,
    [
      ['7', 7 * DAY],
      ['0.5', DAY / 2],
      ['12.25', 12.25 * DAY],
      ['99999', 99_999 * DAY],
    ],
    ['100000', 30 * DAY],
  ],
  ['markLife', 'MARK_DAYS', 90 * DAY, [['1', DAY]], ['1 day', 90 * DAY]],
  [
    'organizations',
    'ORGANIZATIONS',
    false,
    [
      ['on', true],
      ['off', false],
    ],
    ['true', false],
  ],
  ['claim', 'CLAIM', '', [['https://example.com/linked', 'https://example.com/linked']]],
]

describe.each(ROWS)('%s', (field, name, unset, read) => {
  const option: PolicyOption = ALL[field]

  it(`has the name ${name} and a text for operators`, () => {
    expect(option.name).toBe(name)
    expect(OPTION_WORDS[ALL[field].name]).toMatch(/^\S.{20,}[^.]$/)
  })

  it('has its default value if it is unset or white space', () => {
    for (const text of [undefined, '', ' \n'])
      expect(readOption(option, text)).toEqual({ value: unset, unreadable: [] })
  })

  it.each(read)('reads %j as %j, also with white space around it', (text, value) => {
    for (const given of [text, ` ${text}\n`])
      expect(readOption(option, given)).toEqual({ value, unreadable: [] })
  })
})

/** Rows with an unreadable text. Lists of key names and free texts have none. */
const UNREADABLE = ROWS.flatMap(([field, , , , unread]) => (unread ? [[field, ...unread] as const] : []))

describe.each(UNREADABLE)('%s that cannot be read, such as %j', (field, text, value) => {
  it(`counts as ${JSON.stringify(value)}, and is reported`, () => {
    const option: PolicyOption = ALL[field]
    const unreadable = [isConnectionList(option) ? 'odic:acme' : text]
    expect(readOption(option, text)).toEqual({ value, unreadable })
  })
})

describe('the table of rules', () => {
  it('has exactly these rows', () => {
    expect(ROWS.map(([field]) => field).sort()).toEqual(Object.keys(ALL).sort())
    expect(Object.keys(OPTION_WORDS).sort()).toEqual(ROWS.map(([, name]) => name).sort())
    expect(SECRET_PREFIX).toBe('ACCOUNT_LINKING_')
  })
})

describe('readOption', () => {
  it.each(['1.', '.5', '-1', '+1', '1e3', '0x10', '1 000', '1.5.5', 'x1', '1x', '123456'])(
    'does not read %j as a number of days',
    (text) => {
      expect(readOption(LOGIN_OPTIONS.markLife, text).unreadable).toEqual([text])
    },
  )

  it('accepts any text for a free-text row', () => {
    expect(readOption({ name: 'X', kind: 'choice' }, 'any')).toEqual({ value: 'any', unreadable: [] })
    expect(readOption({ name: 'X', kind: 'text' })).toEqual({ value: '', unreadable: [] })
  })
})

describe('readOptions', () => {
  it('reads each option by its name, and reports unreadable ones', () => {
    const texts: Record<string, string> = { MODE: 'ofer', CLAIM: 'x', PRIMARY: 'odic:a :b' }
    const { mode, claim, declineLife } = LOGIN_OPTIONS
    const { primary } = POLICY_OPTIONS
    expect(readOptions({ mode, claim, declineLife, primary }, (name) => texts[name])).toEqual({
      values: { mode: 'off', claim: 'x', declineLife: 30 * DAY, primary: ['oldest'] },
      problems: [
        { option: mode, unreadable: ['ofer'] },
        { option: primary, unreadable: ['odic:a', ':b'] },
      ],
    })
  })
})

describe('optionProblem', () => {
  const LIST =
    'has an entry that cannot be read: odic:acme. It must be a provider, or strategy:connection with a strategy of Auth0'
  it.each<[PolicyOption, string]>([
    [LOGIN_OPTIONS.mode, 'must be offer, observe or off'],
    [LOGIN_OPTIONS.organizations, 'must be on or off'],
    [LOGIN_OPTIONS.markLife, 'must be a number of days'],
    [POLICY_OPTIONS.trusted, LIST],
    [POLICY_OPTIONS.blocked, LIST],
    [POLICY_OPTIONS.primary, LIST],
  ])('of %j: %s', (option, expected) => {
    expect(optionProblem(option, 'odic:acme')).toBe(expected)
  })

  it('quotes 60 characters of an entry at most', () => {
    const problem = optionProblem(POLICY_OPTIONS.trusted, `${'x'.repeat(60)}y`)
    expect(problem).toContain(`${'x'.repeat(60)}. It`)
  })
})

describe('isConnectionList and allowRules', () => {
  it.each<[OptionKind, boolean]>([
    ['allow', true],
    ['deny', true],
    ['order', true],
    ['keys', false],
    ['choice', false],
    ['switch', false],
    ['days', false],
    ['text', false],
  ])('a row of kind %s is a list of connections: %s', (kind, expected) => {
    expect(isConnectionList({ kind })).toBe(expected)
  })

  it('the lists that grant trust are these', () => {
    expect(allowRules()).toEqual([
      { field: 'trusted', option: POLICY_OPTIONS.trusted },
      { field: 'primary', option: POLICY_OPTIONS.primary },
    ])
  })
})
