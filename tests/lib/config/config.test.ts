import { describe, expect, it } from 'vitest'
import { NOTHING_CONFIGURED, parseConfig } from '@/lib/config/config'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'

const problemsOf = (changes: Record<string, string | undefined>) => {
  const result = parseConfig({ ...APP_ENVIRONMENT, ...changes })
  return 'problems' in result ? result.problems : []
}
const configOf = (changes: Record<string, string | undefined> = {}) => {
  const result = parseConfig({ ...APP_ENVIRONMENT, ...changes })
  if ('problems' in result) throw new Error(result.problems.join('\n'))
  return result.config
}

describe('parseConfig', () => {
  it('accepts a complete environment, and sets defaults for optional variables', () => {
    expect(
      configOf({ AUTH0_DOMAIN: 'https://localhost:4400', AUTH0_MANAGEMENT_DOMAIN: undefined }),
    ).toMatchObject({
      appBaseUrl: 'http://localhost:3000',
      isSecure: false,
      auth0Domain: {
        origin: 'https://localhost:4400',
        issuer: 'https://localhost:4400/',
        host: 'localhost:4400',
      },
      managementDomain: { origin: 'https://localhost:4400' },
      linkContract: 'documented',
      policy: { trusted: ['auth0', 'email', 'google-oauth2', 'apple', 'github'], blocked: [] },
      isOfferOn: true,
    })
  })

  it('accepts several login domains, without duplicates, and one of them as the canonical domain', () => {
    const { auth0Domain, loginDomains, managementDomain } = configOf({
      AUTH0_DOMAIN:
        'http://localhost:4400, http://127.0.0.1:4400,,http://localhost:4400/,https://localhost:4401',
    })
    expect(auth0Domain.origin).toBe('http://localhost:4400')
    expect(loginDomains.map(({ origin }) => origin)).toEqual([
      'http://localhost:4400',
      'http://127.0.0.1:4400',
      'https://localhost:4401',
    ])
    expect(managementDomain.origin).toBe('https://localhost:4401')
  })

  it('treats an empty value as missing', () => {
    expect(configOf({ OFFER: '', FLOW_SECRET_PREVIOUS: '' }).flowSecret.previous).toBeUndefined()
    expect(problemsOf({ AUTH0_CLIENT_ID: '' })).toEqual(['AUTH0_CLIENT_ID is missing'])
  })

  it('reports one problem if nothing is set', () => {
    expect(parseConfig({ PATH: '/bin' })).toEqual({ problems: [NOTHING_CONFIGURED] })
  })

  it('reports all missing variables together', () => {
    const result = parseConfig({ OFFER: 'on' })
    const names = 'problems' in result ? result.problems.map((problem) => problem.split(' ')[0]) : []
    const left = ['AUTH0_MANAGEMENT_DOMAIN', 'BRAND_COLOR', 'BRAND_LOGO', 'BRAND_NAME', 'SUPPORT_URL']
    const needed = Object.keys(APP_ENVIRONMENT).filter((name) => !left.includes(name))
    expect(names.sort()).toEqual(needed.sort())
  })

  it.each([
    ['a short secret', { FLOW_SECRET: 'a1b2c3' }, 'FLOW_SECRET must be at least 32 bytes long'],
    [
      'the example value',
      { FLOW_SECRET: 'changeme-'.repeat(5) },
      'FLOW_SECRET still holds the example value',
    ],
    [
      'one character repeated',
      { FLOW_SECRET: 'a'.repeat(40) },
      'FLOW_SECRET must not be one character repeated',
    ],
    ['an unknown contract', { LINK_CONTRACT: 'loose' }, 'LINK_CONTRACT must be documented or strict'],
    ['an unknown switch', { OFFER: 'yes' }, 'OFFER must be on or off'],
    [
      'a URL with a path',
      { APP_BASE_URL: 'http://localhost:3000/app' },
      'APP_BASE_URL must be an http(s) origin without a path',
    ],
    [
      'a domain with a path',
      { AUTH0_DOMAIN: 'localhost/x' },
      'AUTH0_DOMAIN must be a bare host or an http(s) origin',
    ],
    [
      'a path after the second domain',
      { AUTH0_DOMAIN: 'login.example.com,login.example.org/x' },
      'AUTH0_DOMAIN must be a bare host or an http(s) origin',
    ],
    ['commas without a domain', { AUTH0_DOMAIN: ', ,' }, 'AUTH0_DOMAIN is missing'],
    [
      'several canonical domains',
      { AUTH0_MANAGEMENT_DOMAIN: 'a.example.com,b.example.com' },
      'AUTH0_MANAGEMENT_DOMAIN must be a bare host or an http(s) origin',
    ],
    [
      'a script as URL',
      { SUPPORT_URL: 'javascript:alert(1)' },
      'SUPPORT_URL must be an http(s) or mailto address',
    ],
    ['a color by name', { BRAND_COLOR: 'red' }, 'BRAND_COLOR must look like #1f4e79'],
    ['a logo that is no image', { BRAND_LOGO: 'data:text/html,x' }, 'BRAND_LOGO must be an image'],
    [
      'a logo outside of public/',
      { BRAND_LOGO: '../package.svg' },
      'BRAND_LOGO must be a data URI or an svg, png, webp or jpg file below public/',
    ],
    [
      'a logo that is too large',
      { BRAND_LOGO: `data:image/png;base64,${'A'.repeat(5000)}` },
      'BRAND_LOGO must be at most 4096 bytes as a data URI',
    ],
  ])('refuses %s by name', (_what, changes, problem) => {
    expect(problemsOf(changes)).toContain(problem)
  })

  it('has defaults for the rules of connecting', () => {
    expect(configOf()).toMatchObject({
      linkingAuthority: 'm2m',
      policy: {
        provisioned: [],
        primary: ['oldest'],
        fillUserMetadata: true,
        appMetadataKeys: [],
        sameEmail: false,
      },
      stepUpAge: 600,
      undoPeriod: 30 * 86_400,
      eventsIncludeEmail: false,
    })
  })

  it('reads the rules of connecting', () => {
    expect(
      configOf({
        PROVISIONED_CONNECTIONS: 'acme-saml',
        PRIMARY: 'auth0, github',
        USER_METADATA: 'none',
        APP_METADATA_KEYS: 'customer_number,plan',
        CONNECT_DIFFERENT_EMAIL: 'off',
        STEP_UP_MINUTES: '20',
        UNDO_DAYS: '0',
      }),
    ).toMatchObject({
      policy: {
        provisioned: ['acme-saml'],
        primary: ['auth0', 'github'],
        fillUserMetadata: false,
        appMetadataKeys: ['customer_number', 'plan'],
        sameEmail: true,
      },
      stepUpAge: 1200,
      undoPeriod: 0,
    })
  })

  it.each([
    [
      'a step-up that is valid for too long',
      { STEP_UP_MINUTES: '21' },
      'STEP_UP_MINUTES must be between 1 and 20',
    ],
    ['a step-up of no time', { STEP_UP_MINUTES: '0' }, 'STEP_UP_MINUTES must be between 1 and 20'],
    ['half a day', { UNDO_DAYS: '0.5' }, 'UNDO_DAYS must be a whole number'],
    [
      'an unknown authority',
      { LINKING_AUTHORITY: 'admin' },
      'LINKING_AUTHORITY must be m2m, linking-client or user',
    ],
    [
      'a webhook without a key',
      { EVENTS_WEBHOOK_URL: 'https://example.com/hook' },
      'EVENTS_WEBHOOK_SECRET is missing',
    ],
    [
      'an application that adopts without a key',
      { ADOPTION_URL: 'https://example.com/adoptions' },
      'ADOPTION_SECRET is missing',
    ],
    [
      "an application that adopts without the token of the Action's events",
      { ADOPTION_URL: 'https://example.com/adoptions' },
      'ACTION_EVENTS_SECRET is missing',
    ],
    [
      'an application that adopts without a place to store that',
      { ADOPTION_URL: 'https://example.com/adoptions', LINKING_AUTHORITY: 'user' },
      'ADOPTION_URL cannot be used with LINKING_AUTHORITY=user',
    ],
    [
      "a console with the person's own token",
      { CONSOLE_SUBJECTS: 'auth0|olga', LINKING_AUTHORITY: 'user' },
      'CONSOLE_SUBJECTS cannot be used with LINKING_AUTHORITY=user',
    ],
    [
      'operators that are no user ids',
      { CONSOLE_SUBJECTS: 'olga@example.com' },
      'CONSOLE_SUBJECTS must be user ids',
    ],
    [
      "event streams with the person's own token",
      { AUTH0_EVENTS_SECRET: 'auth0-events-secret-0123456789abcdefg', LINKING_AUTHORITY: 'user' },
      'AUTH0_EVENTS_SECRET cannot be used with LINKING_AUTHORITY=user',
    ],
    [
      "an event stream with the same secret as the Action's events",
      { AUTH0_EVENTS_SECRET: 'e1'.repeat(20), ACTION_EVENTS_SECRET: 'e1'.repeat(20) },
      'ACTION_EVENTS_SECRET and AUTH0_EVENTS_SECRET must differ',
    ],
    [
      'an application that adopts with the key of the webhook',
      { ADOPTION_SECRET: `whsec_${'a1'.repeat(20)}`, EVENTS_WEBHOOK_SECRET: `whsec_${'a1'.repeat(20)}` },
      'EVENTS_WEBHOOK_SECRET and ADOPTION_SECRET must differ',
    ],
    [
      'a collector without a scheme',
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      'OTEL_EXPORTER_OTLP_ENDPOINT must be an http(s) address',
    ],
    [
      'a webhook over plain http',
      { EVENTS_WEBHOOK_URL: 'http://example.com/hook' },
      'EVENTS_WEBHOOK_URL must be an https address, or an http one on loopback',
    ],
    [
      'a key without its prefix',
      { EVENTS_WEBHOOK_SECRET: 'abc' },
      'EVENTS_WEBHOOK_SECRET must be whsec_ and base64',
    ],
    [
      'a short key',
      { EVENTS_WEBHOOK_SECRET: 'whsec_c2hvcnQ=' },
      'EVENTS_WEBHOOK_SECRET must hold 24 to 64 bytes',
    ],
  ])('refuses %s', (_what, changes, problem) => {
    expect(problemsOf(changes)).toContain(problem)
  })

  it.each([
    [
      'm2m',
      {},
      ['AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET', 'MANAGEMENT_API_CLIENT_ID', 'MANAGEMENT_API_CLIENT_SECRET'],
    ],
    ['linking-client', {}, ['AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET']],
    ['user', {}, ['CONNECT_CONNECTIONS']],
  ])('requires the variables of the authority %s', (authority, changes, needed) => {
    const without = {
      AUTH0_CLIENT_ID: '',
      AUTH0_CLIENT_SECRET: '',
      MANAGEMENT_API_CLIENT_ID: '',
      MANAGEMENT_API_CLIENT_SECRET: '',
    }
    const problems = problemsOf({ ...without, ...changes, LINKING_AUTHORITY: authority })
    expect(problems).toEqual(needed.map((name) => `${name} is missing`))
  })

  it('signs people in to the linking client if links are made with their own token', () => {
    const { sessionClient } = configOf({ LINKING_AUTHORITY: 'user', CONNECT_CONNECTIONS: 'github' })
    expect(sessionClient.id).toBe('linking')
  })

  it('refuses two equal secrets, whatever else is wrong', () => {
    const problems = problemsOf({ FLOW_SECRET: APP_ENVIRONMENT.AUTH0_SECRET, OFFER: 'maybe' })
    expect(problems).toEqual(['OFFER must be on or off', 'AUTH0_SECRET and FLOW_SECRET must differ'])
  })

  it('never reveals a value', () => {
    const result = parseConfig(
      Object.fromEntries(Object.keys(APP_ENVIRONMENT).map((name) => [name, 'canary|1'])),
    )
    expect('problems' in result && result.problems.join()).not.toContain('canary')
  })

  it.each([
    ['the application', { APP_BASE_URL: 'http://app.example.com' }, ['APP_BASE_URL', 'AUTH0_DOMAIN']],
    ['the tenant', { AUTH0_DOMAIN: 'http://tenant.example.com' }, ['APP_BASE_URL', 'AUTH0_DOMAIN']],
    [
      'the second domain',
      { AUTH0_DOMAIN: 'http://localhost:4400,http://tenant.example.com' },
      ['APP_BASE_URL', 'AUTH0_DOMAIN'],
    ],
    [
      'only the tenant',
      { AUTH0_DOMAIN: 'tenant.example.com', AUTH0_MANAGEMENT_DOMAIN: undefined },
      ['APP_BASE_URL'],
    ],
  ])('refuses plain http if %s is not on loopback', (_which, changes, names) => {
    const end = 'must be https unless app and tenant are all on loopback'
    expect(problemsOf(changes)).toEqual(names.map((name) => `${name} ${end}`))
  })

  it.each([
    'login.example.com:8443',
    'https://127.0.0.1:4401',
    'http://[::1]:4400',
    'login.local',
    'login.example.com:8443,login.example.com',
  ])('refuses %s, because the session library cannot sign anyone in there', (domain) => {
    expect(problemsOf({ AUTH0_DOMAIN: domain })).toContain(
      'AUTH0_DOMAIN must begin with a host name without a port, or with localhost',
    )
  })

  it.each([
    ['set explicitly', { AUTH0_MANAGEMENT_DOMAIN: 'http://localhost:4400' }],
    ['by default, from a login domain with plain http', { AUTH0_MANAGEMENT_DOMAIN: undefined }],
    [
      'at another host',
      { AUTH0_MANAGEMENT_DOMAIN: 'http://tenant.example.com', APP_BASE_URL: 'https://localhost' },
    ],
  ])('refuses plain http for the Management API, even on loopback: %s', (_how, changes) => {
    const problem =
      'AUTH0_MANAGEMENT_DOMAIN must be https, on loopback too: the Management API is reached by TLS only'
    expect(problemsOf(changes)).toContain(problem)
  })

  it('accepts https everywhere', () => {
    const config = configOf({
      APP_BASE_URL: 'https://app.example.com',
      AUTH0_DOMAIN: 'login.example.com',
      AUTH0_MANAGEMENT_DOMAIN: 'tenant.eu.auth0.com',
    })
    expect([config.isSecure, config.auth0Domain.issuer, config.managementDomain.host]).toEqual([
      true,
      'https://login.example.com/',
      'tenant.eu.auth0.com',
    ])
  })
})
