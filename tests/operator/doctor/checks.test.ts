import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '@/operator/doctor/catalogue'
import { CHECKS } from '@/operator/doctor/checks/all'
import type { InstallationFacts } from '@/operator/doctor/facts'
import { fingerprint } from '@/operator/shared/fingerprint'
import { secretOf } from '@/operator/shared/optional-secrets'
import { all, BREAKAGES_OF_RIGHTS, organization, ruled, without } from './breakages-of-rights'
import { BREAKAGES_OF_SERVICE } from './breakages-of-service'
import { BREAKAGES_OF_TENANT } from './breakages-of-tenant'
import { action, connection, granted, NEEDED, service, told } from './changes'
import { healthy } from './healthy'

/** Each entry breaks one thing. main.test.ts tests `environment_unusable`, which needs no facts. */
const BREAKAGES = [...BREAKAGES_OF_SERVICE, ...BREAKAGES_OF_TENANT, ...BREAKAGES_OF_RIGHTS]

const judge = (facts: InstallationFacts) => CHECKS.flatMap((check) => check(facts))

describe('CHECKS', () => {
  it('find nothing if nothing is wrong', () => {
    expect(judge(healthy())).toEqual([])
  })

  it.each(BREAKAGES)('find %s: %s', (code, words, breakIt) => {
    const facts = healthy()
    breakIt(facts)
    const findings = judge(facts)
    expect(findings.map((each) => each.code)).toEqual([code])
    expect(findings[0]).toMatchObject({ ...CATALOGUE[code], what: expect.stringContaining(words) })
    expect(findings[0]?.fix).toMatch(/^[A-Z].{8}/)
  })

  it('report nothing about what could not be read', () => {
    const unknown = {
      clients: undefined,
      apis: undefined,
      connections: undefined,
      actions: undefined,
      bindings: undefined,
    }
    const facts = { ...healthy(), ...unknown, rules: undefined, granted: undefined, burst: undefined }
    expect(judge({ ...facts, clock: undefined })).toEqual([])
    expect(judge({ ...healthy(), bindings: undefined })).toEqual([])
    service({ clock: undefined })(facts)
    expect(judge(facts)).toEqual([])
  })

  it.each<[string, (facts: InstallationFacts) => void]>([
    [
      'things with other names than those of the extension',
      (facts) => {
        facts.rules = ['account-links-of-ours', 'our-auth0-account-link', 'auth0-account-link-old']
      },
    ],
    [
      'an untrusted connection',
      (facts) => {
        facts.config.policy.blocked = ['second']
        const second = { id: 'c', name: 'second', strategy: 'auth0', clients: [], isProvisioned: false }
        facts.connections?.push(second)
      },
    ],
    [
      'a later Action that refuses no login',
      (facts) => {
        action('other', { code: 'api.idToken.setCustomClaim(name, value)' })(facts)
        facts.bindings?.reverse()
      },
    ],
    ['clocks that are 25 s apart', service({ clock: 25 })],
    [
      'a complete event stream beside a disabled one',
      (facts) => {
        facts.config.auth0EventsSecret = 'x'.repeat(32)
        const stream = {
          id: 'est',
          url: 'https://app.example.com/auth0-events',
          types: ['user.updated', 'user.deleted'],
        }
        facts.eventStreams = [
          { ...stream, isEnabled: false },
          { ...stream, isEnabled: true },
        ]
      },
    ],
    [
      'event streams that could not be read',
      (facts) => {
        facts.config.auth0EventsSecret = 'x'.repeat(32)
      },
    ],
    [
      'rules of rights whose scopes are granted',
      all(ruled('roles', 'carry'), ruled('permissions', 'drop'), ruled('factors', 'refuse')),
    ],
    [
      'scopes to carry memberships while MEMBERSHIPS is set: an undo of earlier links needs them',
      all(
        ruled('memberships', 'refuse'),
        granted((scopes) => [...scopes, 'delete:organization_members', 'read:organization_connections']),
      ),
    ],
    [
      'an organization with a trusted connection, or with one of the linking client',
      all(
        organization({ name: 'google-oauth2', strategy: 'google-oauth2' }),
        organization({ name: 'acme-saml', strategy: 'samlp' }),
        ({ connections }) =>
          connections?.push({
            ...{ id: 'c', name: 'acme-saml', strategy: 'samlp', clients: ['proof-id'] },
            isProvisioned: false,
          }),
      ),
    ],
    [
      "rights that are dropped while each person's own token links",
      (facts) => {
        facts.config.linkingAuthority = 'user'
        facts.config.policy.factors = 'drop'
        facts.granted = undefined
      },
    ],
  ])('report nothing about %s', (_what, change) => {
    const facts = healthy()
    change(facts)
    expect(judge(facts)).toEqual([])
  })

  it('report scopes of memberships as excessive if no rule needs them and memberships cannot be read', () => {
    const facts = healthy()
    without('read:organization_member_roles')(facts)
    const findings = judge(facts)
    expect(findings.map(({ code }) => code)).toEqual(['scopes_excess', 'rights_scopes_missing'])
    expect(findings[0]?.what).toContain('create:organization_members create:organization_member_roles')
  })

  it('accept any order of Actions if ours is not among them', () => {
    const facts = healthy()
    facts.bindings?.pop()
    expect(judge(facts).map(({ code }) => code)).toEqual(['action_not_bound'])
  })

  it.each(['google-oauth2', 'facebook', 'github', 'twitter', 'linkedin', 'windowslive', 'apple'])(
    'find developer keys of %s',
    (strategy) => {
      const facts = healthy()
      facts.config.policy.trusted = [strategy]
      connection({ strategy, options: {} })(facts)
      expect(judge(facts).map(({ code }) => code)).toEqual(['developer_keys'])
    },
  )

  it.each([
    ['m2m', 'MANAGEMENT_API_CLIENT_ID'],
    ['linking-client', 'LINKING_CLIENT_ID'],
  ] as const)('name the variable of the application whose token links: %s', (authority, name) => {
    const facts = healthy()
    facts.config.linkingAuthority = authority
    facts.granted = { status: undefined }
    const [finding] = judge(facts)
    expect(finding?.what).toContain('(no answer)')
    expect(finding?.fix).toMatch(`Compare ${name}`)
  })

  it("accept a rule whose value is the Action's default, or that was set by hand", () => {
    const facts = healthy()
    told(secretOf('TRUSTED_CONNECTIONS'), 'auth0, email,google-oauth2,apple,github')(facts)
    told(secretOf('USER_METADATA'), 'fill')(facts)
    told(secretOf('PRIMARY'), 'github')(facts)
    told('ACCOUNT_LINKING_CLAIM', 'https://example.com/linked')(facts)
    facts.fingerprints.ACCOUNT_LINKING_CLAIM = fingerprint('https://example.com/linked')
    const there = [secretOf('PRIMARY'), 'ACCOUNT_LINKING_CLAIM', 'ACCOUNT_LINKING_MODE']
    action('ours', { secrets: [...NEEDED, ...there] })(facts)
    expect(judge(facts)).toEqual([])
  })

  it('report a refused secret once if the page and the proof share an application', () => {
    const facts = healthy()
    facts.desired.purposes = ['proof', 'management']
    facts.config.sessionClient = { ...facts.config.linkingClient }
    facts.isClientSecretAccepted = { settings: false, proof: false }
    facts.service = undefined
    expect(judge(facts).map(({ code }) => code)).toEqual([
      'application_secret_refused',
      'service_unreachable',
    ])
  })

  it('each have a change that causes them', () => {
    const broken = new Set<string>(BREAKAGES.map(([code]) => code)).add('environment_unusable')
    expect(Object.keys(CATALOGUE).filter((code) => !broken.has(code))).toEqual([])
  })
})
