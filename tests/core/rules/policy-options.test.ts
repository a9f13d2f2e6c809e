import { describe, expect, it } from 'vitest'
import { readSettings } from '@/action/settings'
import {
  LOGIN_OPTIONS,
  optionProblem,
  POLICY_OPTIONS,
  type PolicyOption,
  readOption,
  readOptions,
  SECRET_PREFIX,
  STRATEGIES,
} from '@/core'
import { parseConfig } from '@/lib/config/config'
import { Settings } from '@/operator/shared/settings'
import { Terminal } from '@/operator/shared/terminal'
import { SECRETS } from '../../support/action/platform'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'

const RULES = Object.entries(POLICY_OPTIONS).map(
  ([field, option]) => [option.name, field as keyof typeof POLICY_OPTIONS, option as PolicyOption] as const,
)

const WORDS = ['fill', 'none', 'oldest', 'most_used', 'auth0', 'github', 'oidc:acme', 'plan', 'suspended']
const SPELLINGS = [
  // Empty text and white space.
  ...['', ' ', '\t', '\n', '\r\n', '\u00a0', '\u3000', '\ufeff', ' \t \n '],
  // Words, in other case, and with white space around them.
  ...WORDS.flatMap((word) => [word, word.toUpperCase(), ` ${word}`, `${word}\n`, `\u00a0${word}\t`]),
  // Separators of lists.
  ...[',', ' , ', ';', '|', '/', ' ', '  ', '\t', '\n', '\r\n', ',,', ', ,', '\u2003', '\u00a0'].flatMap(
    (separator) => [`auth0${separator}github`, `${separator}plan${separator}`],
  ),
  // Words that no rule has, and texts that are special to JavaScript.
  ...['newest', 'most-used', 'fil', 'nonee', 'true', 'false', 'on', 'off', '0', '1', 'null', 'undefined'],
  ...['constructor', '__proto__', 'toString', '[object Object]', '"none"', "'none'", 'none;', '-', 'é'],
  // Unreadable entries.
  ...[
    'odic:acme',
    'OIDC:acme',
    'oidc:',
    ':acme',
    ':',
    'auth0 odic:acme',
    'auth0,oidc:',
    'none:',
    'fill:none',
  ],
]

/** The service's policy, or the problems that stop it from starting. */
function serviceWith(name: string, text: string) {
  const parsed = parseConfig({ ...APP_ENVIRONMENT, [name]: text })
  return 'config' in parsed ? { policy: parsed.config.policy } : { problems: parsed.problems }
}

function actionWith(name: string, text: string) {
  const settings = readSettings({ ...SECRETS, [SECRET_PREFIX + name]: text })
  if (!settings) throw new Error('no settings')
  return settings
}

describe('the table of rules', () => {
  it('is tested with a hundred texts', () => {
    expect(new Set(SPELLINGS).size).toBeGreaterThanOrEqual(100)
  })

  it.each(RULES)('gives the service and the Action the same value for %s', (name, field, option) => {
    for (const text of SPELLINGS) {
      const { policy, problems } = serviceWith(name, text)
      const { policy: atLogin, problems: warnings } = actionWith(name, text)
      if (policy) {
        expect([text, atLogin[field]]).toEqual([text, policy[field]])
        expect([text, warnings]).toEqual([text, []])
        continue
      }
      const parts = readOption(option, text).unreadable
      expect(problems).toEqual(parts.map((part) => `${name} ${optionProblem(option, part)}`))
      expect([text, warnings]).toEqual([text, [{ option, unreadable: parts }]])
      // For an unreadable order or switch, the Action uses the safest value.
      if (option.kind === 'order' || option.kind === 'switch')
        expect(atLogin[field]).toEqual(readOption(option, option.unknown).value)
    }
  })

  it('has an unreadable text for every rule except key lists', () => {
    const refused = RULES.filter(([name]) => SPELLINGS.some((text) => serviceWith(name, text).problems))
    expect(refused.map(([name]) => name)).toEqual(
      RULES.flatMap(([name, , { kind }]) => (kind === 'keys' ? [] : name)),
    )
  })

  it.each(RULES)('makes provisioning refuse the same texts for %s as the service', async (name) => {
    const service = {
      APP_BASE_URL: 'https://a.example.com',
      BRAND_NAME: 'A',
      SUPPORT_URL: 'mailto:a@example.com',
    }
    const login = { origin: 'https://login.example.com', issuer: '', host: 'login.example.com' }
    const access = { login, management: login, credentials: { token: 't' } }
    for (const text of SPELLINGS.filter((spelling) => spelling.trim() !== '')) {
      const { problems } = serviceWith(name, text)
      const given = { ...service, [name]: text, [SECRET_PREFIX + name]: text }
      const settings = new Settings(new Terminal(false), given, {})
      const message = problems ? `${problems[0]}.` : undefined
      expect(await messageOf(async () => settings.service(access))).toBe(message)
      expect(await messageOf(async () => settings.actionSecrets)).toBe(message && SECRET_PREFIX + message)
    }
  })

  it.each(Object.values(LOGIN_OPTIONS).map((option) => [option.name, option as PolicyOption] as const))(
    'makes provisioning refuse the texts for %s that the Action cannot read',
    async (name, option) => {
      for (const text of [...SPELLINGS, 'offer', 'observe', '7', '0.5', '7 days', '-7', '1e3', '123456']) {
        const { problems } = actionWith(name, text)
        const settings = new Settings(new Terminal(false), { [SECRET_PREFIX + name]: text }, {})
        const message = await messageOf(async () => settings.actionSecrets)
        expect([text, problems.length > 0]).toEqual([text, message !== undefined])
        if (message) expect(message).toBe(`${SECRET_PREFIX}${name} ${optionProblem(option, text)}.`)
      }
    },
  )

  it('has only readable default values', () => {
    const { problems } = readOptions({ ...POLICY_OPTIONS, ...LOGIN_OPTIONS }, () => undefined)
    expect(problems).toEqual([])
    const rows: PolicyOption[] = Object.values({ ...POLICY_OPTIONS, ...LOGIN_OPTIONS })
    for (const option of rows) expect(readOption(option, option.unknown).unreadable).toEqual([])
  })

  it('trusts exactly five strategies by default', () => {
    const { value } = readOption(POLICY_OPTIONS.trusted)
    expect(value).toEqual(['auth0', 'email', 'google-oauth2', 'apple', 'github'])
    expect(value.every((entry) => STRATEGIES.includes(entry))).toBe(true)
  })
})

/** The message of the error that the work throws; undefined if it succeeds. */
const messageOf = (work: () => Promise<unknown>): Promise<string | undefined> =>
  work().then(
    () => undefined,
    (error: Error) => error.message,
  )
