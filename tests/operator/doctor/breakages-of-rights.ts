import type { RightsKind } from '@/core'
import type { FindingCode } from '@/operator/doctor/catalogue'
import type { InstallationFacts, OrganizationFacts } from '@/operator/doctor/facts'
import { fingerprint } from '@/operator/shared/fingerprint'
import { secretOf } from '@/operator/shared/optional-secrets'
import { type RightsRule, scopesOf } from '@/operator/shared/rights-scopes'
import { action, granted, NEEDED, told } from './changes'

/** Sets the rules for a kind of rights (the service's, then the Action's), and grants their scopes, as `apply` does. */
export const ruled =
  (kind: RightsKind, ...rules: RightsRule[]) =>
  (facts: InstallationFacts) => {
    facts.desired.rights = { ...facts.desired.rights, [kind]: rules }
    const scopes = scopesOf(kind, rules)
    const { scope: there } = facts.desired.grant
    facts.desired.grant.scope = [...new Set([...there, ...scopes])]
    granted((there) => [...there, ...scopes])(facts)
  }
/** Removes scopes from the service's own credentials. */
export const without = (...scopes: string[]) =>
  granted((there) => there.filter((each) => !scopes.includes(each)))
/** Makes several changes. */
export const all =
  (...changes: ((facts: InstallationFacts) => void)[]) =>
  (facts: InstallationFacts) => {
    for (const change of changes) change(facts)
  }
/** Sets `MEMBERSHIPS=carry`, and adds the organization "acme" with these connections to the tenant. */
export const organization = (...connections: OrganizationFacts['connections']) =>
  all(ruled('memberships', 'carry'), (facts) => {
    facts.organizations = [...(facts.organizations ?? []), { name: 'acme', connections }]
  })

const DIFFER = 'action_settings_differ'
const KINDS = ['ROLES', 'PERMISSIONS', 'MEMBERSHIPS', 'FACTORS'] as const

/** Faults of rights and profiles: the finding's code, part of its text, and the change that causes it. */
export const BREAKAGES_OF_RIGHTS: [FindingCode, string, (facts: InstallationFacts) => void][] = [
  ...(['refuse', 'carry'] as const).map((rule): (typeof BREAKAGES_OF_RIGHTS)[number] => [
    'rights_unread',
    'ROLES cannot be followed. Not granted: read:roles.',
    all(ruled('roles', rule), without('read:roles')),
  ]),
  // `checkManagement` reports `read:users`, because nothing works without it.
  ['scopes_missing', 'Not granted: read:users.', all(ruled('roles', 'refuse'), without('read:users'))],
  // The service drops roles and the Action refuses to lose them: `read:roles` is needed although the service drops.
  ['rights_unread', 'ROLES', all(ruled('roles', 'drop', 'refuse'), without('read:roles'))],
  [
    'rights_unread',
    'MEMBERSHIPS, FACTORS cannot be followed. Not granted: read:organization_member_roles read:authentication_methods.',
    all(
      ruled('memberships', 'refuse'),
      ruled('factors', 'refuse'),
      without('read:organization_member_roles', 'read:authentication_methods'),
    ),
  ],
  [
    'rights_unread',
    'read:organization_connections',
    all(ruled('memberships', 'carry'), without('read:organization_connections')),
  ],
  [
    'rights_unread',
    'FACTORS of the service cannot be followed with LINKING_AUTHORITY=user',
    (facts) => {
      facts.config.linkingAuthority = 'user'
      facts.config.policy.factors = 'refuse'
      facts.granted = undefined
    },
  ],
  [
    'rights_scopes_missing',
    'roles, factors cannot be read, or not be given back. Not granted: read:roles read:authentication_methods.',
    without('read:roles', 'read:authentication_methods'),
  ],
  [
    'rights_scopes_missing',
    'Not granted: read:authentication_methods.',
    all(ruled('factors', 'drop'), without('read:authentication_methods')),
  ],
  // Both accounts may be members, so a pair can be linked even with `refuse`, and an undo then adds a membership again.
  [
    'rights_scopes_missing',
    'Not granted: create:organization_members.',
    all(ruled('memberships', 'refuse'), without('create:organization_members')),
  ],
  [
    'rights_scopes_missing',
    'memberships cannot be read, or not be given back. Not granted: create:organization_member_roles.',
    without('create:organization_member_roles'),
  ],
  ['memberships_unreachable', '"acme".', organization()],
  ['memberships_unreachable', '"acme".', organization({ name: 'acme-saml', strategy: 'samlp' })],
  ['memberships_unreachable', '"acme" and 2 more.', all(...Array.from({ length: 12 }, () => organization()))],
  [
    'memberships_unreachable',
    '"acme".',
    all(organization({ name: 'google-oauth2', strategy: 'google-oauth2' }), (facts) => {
      facts.config.policy.blocked = ['google-oauth2']
    }),
  ],
  [
    'profile_near_limit',
    '3 of the 100 accounts that changed last have a profile of more than 8000 bytes. Others were not looked at.',
    (facts) => {
      facts.profiles = { sampled: 100, large: 3 }
    },
  ],
  ...KINDS.flatMap((name): typeof BREAKAGES_OF_RIGHTS => [
    [DIFFER, `has for ACCOUNT_LINKING_${name}`, told(secretOf(name), 'refuse')],
    [
      DIFFER,
      `has for ACCOUNT_LINKING_${name}`,
      all(told(secretOf(name), 'drop'), action('ours', { secrets: [...NEEDED, secretOf(name)] }), (facts) => {
        facts.fingerprints[secretOf(name)] = fingerprint('refuse')
      }),
    ],
    [
      DIFFER,
      `has ACCOUNT_LINKING_${name}, which this`,
      action('ours', { secrets: [...NEEDED, secretOf(name)] }),
    ],
  ]),
]
