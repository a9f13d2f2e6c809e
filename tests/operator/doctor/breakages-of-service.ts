import { VERSION } from '@/lib/config/version'
import type { FindingCode } from '@/operator/doctor/catalogue'
import type { InstallationFacts } from '@/operator/doctor/facts'
import type { ActualEventStream } from '@/operator/shared/actual'
import { granted, service } from './changes'

const loginAt = (url: string) => service({ login: { url: new URL(url), cookies: [] } })
const APP = 'https://app.example.com'

/** Makes the service accept event streams, and gives the tenant these streams: complete ones with some fields replaced. */
const streams = (of: Partial<ActualEventStream>[]) => (facts: InstallationFacts) => {
  facts.config.auth0EventsSecret = 'x'.repeat(32)
  facts.eventStreams = of.map((fields) => ({
    ...{ id: 'est', url: `${APP}/auth0-events`, isEnabled: true, types: ['user.updated', 'user.deleted'] },
    ...fields,
  }))
}

/** Faults of domains, permissions and the service: the finding's code, part of its text, and the change that causes it. */
export const BREAKAGES_OF_SERVICE: [FindingCode, string, (facts: InstallationFacts) => void][] = [
  [
    'login_domain_wrong',
    'login.example.org',
    (facts) => {
      facts.wrongLoginIssuers = ['https://login.example.org/']
    },
  ],
  [
    'canonical_domain_wrong',
    'tenant.example.com',
    (facts) => {
      facts.isCanonicalIssuer = false
    },
  ],
  ['clock_skew', '40 s behind', service({ clock: -40 })],
  [
    'clock_skew',
    '40 s ahead',
    (facts) => {
      facts.clock = -40
    },
  ],
  [
    'management_credentials_refused',
    '401',
    (facts) => {
      facts.granted = { status: 401 }
    },
  ],
  [
    'event_stream_missing',
    'No event stream of the tenant leads to https://app.example.com/auth0-events',
    streams([]),
  ],
  ['event_stream_missing', 'No event stream', streams([{ url: 'https://old.example.com/auth0-events' }])],
  ['event_stream_disabled', 'is disabled', streams([{ isEnabled: false }])],
  ['event_stream_incomplete', 'lacks user.deleted', streams([{ types: ['user.updated', 'user.created'] }])],
  ['scopes_missing', 'read:users', granted((scopes) => scopes.filter((each) => each !== 'read:users'))],
  ['scopes_excess', 'delete:clients', granted((scopes) => [...scopes, 'delete:clients'])],
  [
    'scopes_optional_missing',
    'read:sessions',
    granted((scopes) => scopes.filter((each) => each !== 'read:sessions')),
  ],
  [
    'way_back_scope_missing',
    'read:clients',
    (facts) => {
      facts.desired.grant.scope.push('read:clients')
    },
  ],
  [
    'brand_unread',
    'organization (no_scope_read:organizations). People of an organization see',
    (facts) => {
      facts.brand?.unread.push({ what: 'organization', code: 'no_scope_read:organizations' })
    },
  ],
  [
    'brand_unread',
    'logo (address_refused). Pages show the name alone.',
    (facts) => {
      facts.brand?.unread.push({ what: 'logo', code: 'address_refused' })
    },
  ],
  [
    'brand_contrast',
    'The accent #ffd400 is shown as #a38800: its contrast is 1.42.',
    (facts) => {
      facts.brand?.corrections.push({ of: 'accent', from: '#ffd400', to: '#a38800', ratio: 1.4166 })
    },
  ],
  [
    'service_unreachable',
    APP,
    (facts) => {
      facts.service = undefined
    },
  ],
  ['service_not_offering', APP, service({ isOffering: false })],
  ['version_differs', `the service at ${APP} is older than 0.2.0.`, service({ version: undefined })],
  [
    'version_differs',
    `This command has version ${VERSION}, but the service at ${APP} is 0.3.0.`,
    service({ version: '0.3.0' }),
  ],
  ['service_not_ready', 'redis', service({ down: ['redis'] })],
  ['step_up_without_factor', APP, service({ warnings: ['step_up_without_factor'] })],
  ['service_reads_older_snapshots', 'version 1', service({ snapshots: 1 })],
  [
    'store_per_instance',
    'REDIS_URL',
    (facts) => {
      facts.config.redisUrl = undefined
    },
  ],
  [
    'redis_evicts',
    'allkeys-lru',
    (facts) => {
      facts.redis = { version: '7.4.1', policy: 'allkeys-lru' }
    },
  ],
  ...['6.0.20', '5.0.14', '2.8.0'].map(
    (version): [FindingCode, string, (facts: InstallationFacts) => void] => [
      'redis_outdated',
      version,
      (facts) => {
        facts.redis = { version, policy: 'noeviction' }
      },
    ],
  ),
  ...[
    [{ signed: 503, forged: 401 }, 'answers 503 to a signed ping'] as const,
    [{ signed: 302, forged: 401 }, 'answers 302 to a signed ping'] as const,
    [{ signed: undefined, forged: undefined }, 'does not answer a signed ping'] as const,
  ].map(([adoption, detail]): [FindingCode, string, (facts: InstallationFacts) => void] => [
    'adoption_not_taken',
    detail,
    (facts) => {
      facts.adoption = adoption
    },
  ]),
  [
    'adoption_unverified',
    'answers 204 to a ping that is signed with another key',
    (facts) => {
      facts.adoption = { signed: 204, forged: 204 }
    },
  ],
  ...(
    [
      ['smtp_unreachable', 'cannot be reached', 'unreachable'],
      ['smtp_unreachable', 'does not answer within 5 seconds', 'timeout'],
      ['smtp_refused', 'refuses the login, the sender or the mail', 'refused'],
      ['smtp_refused', 'refuses the address of --mail-to', 'bounced'],
    ] as const
  ).map(([code, detail, failure]): [FindingCode, string, (facts: InstallationFacts) => void] => [
    code,
    detail,
    (facts) => {
      facts.mail = { failure }
    },
  ]),
  ['service_secret_differs', APP, service({ isSharedSecretAccepted: false })],
  ['previous_secret_refused', APP, service({ isPreviousSecretAccepted: false })],
  [
    'sign_in_broken',
    `${APP}/auth/login answers 500 and does not redirect`,
    service({ login: { status: 500 } }),
  ],
  ['sign_in_broken', 'does not answer', service({ login: { status: undefined } })],
  [
    'service_origin_wrong',
    'http://internal',
    loginAt(
      `https://login.example.com/authorize?client_id=settings-id&redirect_uri=http://internal/auth/callback`,
    ),
  ],
  [
    'service_origin_wrong',
    'https://other.example.com',
    loginAt(`https://other.example.com/authorize?client_id=settings-id&redirect_uri=${APP}/auth/callback`),
  ],
  ['service_origin_wrong', 'null', loginAt('https://login.example.com/authorize?client_id=settings-id')],
  [
    'service_client_differs',
    'another',
    loginAt(`https://login.example.com/authorize?client_id=other&redirect_uri=${APP}/auth/callback`),
  ],
  [
    'cookie_flags',
    'httponly, samesite=lax, secure: a, c.',
    service({
      login: {
        url: new URL(`https://login.example.com/?client_id=settings-id&redirect_uri=${APP}/`),
        cookies: ['a=b; HttpOnly; SameSite=Lax', 'c=d; Secure;HttpOnly', 'e=f; Secure;HttpOnly;SameSite=Lax'],
      },
    }),
  ],
  ['transport_not_strict', 'strict', service({ isStrict: false })],
]
