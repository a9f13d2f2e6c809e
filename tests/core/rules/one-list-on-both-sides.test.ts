import { describe, expect, it } from 'vitest'
import { readSettings } from '@/action/settings'
import { isTrusted, type LinkPolicy, lookupMarkHash, mayBeNamed, STRATEGIES } from '@/core'
import { decidePrimary } from '@/core/rules/primary'
import { parseConfig } from '@/lib/config/config'
import { aUser } from '../../support/builders/users'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'

const SECRETS = {
  MANAGEMENT_API_DOMAIN: 'tenant.example',
  MANAGEMENT_API_CLIENT_ID: 'm2m',
  MANAGEMENT_API_CLIENT_SECRET: 'secret',
  SESSION_TOKEN_SHARED_SECRET: 'secret',
  ACCOUNT_LINKING_SERVICE_URL: 'https://app.example/link',
}
const LISTS = ['TRUSTED_CONNECTIONS', 'BLOCKED_CONNECTIONS', 'PROVISIONED_CONNECTIONS', 'PRIMARY'] as const

/** The policy that each side reads from a list. The service does not start with an unreadable list. */
function bothSides(list: string): { service: LinkPolicy | undefined; action: LinkPolicy } {
  const parsed = parseConfig({
    ...APP_ENVIRONMENT,
    ...Object.fromEntries(LISTS.map((name) => [name, list])),
  })
  const settings = readSettings({
    ...SECRETS,
    ...Object.fromEntries(LISTS.map((name) => [`ACCOUNT_LINKING_${name}`, list])),
  })
  if (!settings) throw new Error('no settings')
  return { service: 'config' in parsed ? parsed.config.policy : undefined, action: settings.policy }
}

/** Possible providers and connections: each strategy with its own name, and connections with special names. */
const SOURCES = [
  ...STRATEGIES.map((strategy) => [strategy, strategy]),
  ...['acme', 'github', 'apple', 'auth0', 'email', 'legacy-db', 'a:b'].flatMap((name) =>
    ['oidc', 'samlp', 'oauth2', 'auth0'].map((strategy) => [strategy, name]),
  ),
].map(([provider = '', connection = '']) => ({ provider, connection }))

/** What a policy decides for each of the sources. */
async function decisionsOf(policy: LinkPolicy) {
  const [older, younger] = ['2020', '2025'].map((year) => `${year}-01-01T00:00:00.000Z`)
  const stays = SOURCES.map(({ provider, connection }) => {
    const current = aUser({ user_id: 'waad|1', created_at: older })
    const candidate = aUser({ user_id: `${provider}|2`, created_at: younger })
    const identities = [{ user_id: candidate.user_id, provider, connection }]
    return decidePrimary(current, { ...candidate, identities }, { ...policy, provisioned: [] }).stays
  })
  return {
    trusted: SOURCES.map((source) => isTrusted(source, { ...policy, blocked: [] })),
    blocked: SOURCES.map((source) => mayBeNamed(source, policy.blocked)),
    provisioned: SOURCES.map((source) => mayBeNamed(source, policy.provisioned)),
    stays,
    key: await lookupMarkHash(aUser({}), policy),
  }
}

const ENTRIES = [
  ...STRATEGIES,
  ...[
    'acme',
    'GitHub',
    'legacy-db',
    'oidc:acme',
    'samlp:github',
    'auth0:legacy-db',
    'oauth2:a:b',
    'most_used',
  ],
]
const READABLE = [
  ...ENTRIES,
  ...['acme,github', 'acme, github', ' acme github ', 'acme\tgithub', 'acme\ngithub', 'acme\r\n,github,'],
  ...[
    'acme\u00a0github',
    'acme\u3000github',
    '\ufeffacme,github',
    'acme,,github',
    ',acme',
    'acme,',
    ',',
    ' ,\n, ',
  ],
  ...['', ' ', '\n', '\t \u00a0', 'oldest', 'github,github', 'github,auth0', 'auth0,github', 'constructor'],
  ...[
    '__proto__',
    'toString,hasOwnProperty',
    'oidc:constructor',
    'oldest,github',
    'github,oldest',
    'acme;github',
  ],
  ...['acme|github', '"github"', "'github'", 'github.', '-', 'oidc:acme:', 'oidc::acme', 'é', 'ｇｉｔｈｕｂ'],
]
const UNREADABLE = [
  ...['odic:acme', 'OIDC:acme', 'oidc:', ':acme', ':', '::', 'acme:', 'acme:github', 'github,odic:acme'],
  ...['github: acme', 'toString:acme', '__proto__:acme', 'http://acme', 'constructor:github'],
]

describe('a list of connections', () => {
  it('is tested in more than a hundred spellings', () => {
    expect(new Set([...READABLE, ...UNREADABLE]).size).toBeGreaterThan(100)
  })

  it.each(READABLE)('means the same to service and Action: %j', async (list) => {
    const { service, action } = bothSides(list)
    if (!service) throw new Error('the service does not start')
    expect(await decisionsOf(action)).toEqual(await decisionsOf(service))
  })

  it.each(UNREADABLE)(
    'stops the service from starting, and grants no additional trust in the Action: %j',
    (list) => {
      const { service, action } = bothSides(list)
      expect(service).toBeUndefined()
      const readable = action.trusted.filter((entry) => !entry.includes(':'))
      for (const source of SOURCES) {
        expect(isTrusted(source, { ...action, blocked: [] })).toBe(
          isTrusted(source, { ...action, trusted: readable, blocked: [] }),
        )
        // The name after the colon is blocked, whatever stands before it.
        const names = action.blocked.map((entry) => entry.slice(entry.indexOf(':') + 1))
        if (names.includes(source.connection)) expect(mayBeNamed(source, action.blocked)).toBe(true)
      }
    },
  )
})
