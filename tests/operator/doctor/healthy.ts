/**
 * Facts of an installation without faults, for tests to change.
 * @module
 */

import { RIGHTS_KINDS } from '@/core'
import { parseConfig } from '@/lib/config/config'
import { VERSION } from '@/lib/config/version'
import type { InstallationFacts } from '@/operator/doctor/facts'
import { scopesOf } from '@/operator/shared/rights-scopes'
import { applied, DESIRED, SETTINGS } from '../shared/a-tenant'

const secret = (letter: string) => `${letter}0`.repeat(20)

/** An environment with which the service starts. */
export const ENVIRONMENT = {
  ...SETTINGS,
  AUTH0_DOMAIN: 'login.example.com',
  AUTH0_MANAGEMENT_DOMAIN: 'tenant.example.com',
  AUTH0_CLIENT_ID: 'settings-id',
  AUTH0_CLIENT_SECRET: secret('a'),
  AUTH0_SECRET: secret('b'),
  LINKING_CLIENT_ID: 'proof-id',
  LINKING_CLIENT_SECRET: secret('c'),
  MANAGEMENT_API_CLIENT_ID: 'management-id',
  MANAGEMENT_API_CLIENT_SECRET: secret('d'),
  SESSION_TOKEN_SHARED_SECRET: secret('e'),
  FLOW_SECRET: secret('f'),
  REDIS_URL: 'redis://localhost:6379',
  SUPPORT_URL: 'https://example.com/help',
  RESTART_URL: 'https://example.com/login',
}

/** Returns facts about which no check reports a finding. Each call makes a new object, which a test may change. */
export function healthy(): InstallationFacts {
  const parsed = parseConfig(ENVIRONMENT)
  if ('problems' in parsed) throw new Error(parsed.problems.join())
  const { clients, apis, actions, bindings, connections, fingerprints } = applied()
  const [theirs, settings, proof, management] = clients
  if (!theirs || !settings || !proof || !management) throw new Error('a client is missing')
  proof.client_metadata.account_linking = 'true'
  const desired = structuredClone(DESIRED)
  desired.action.code += "setPrimaryUser('x') sendUserTo('y') access.deny('z') { v: 2 }"
  desired.action.secrets.reverse()
  const [before, ours] = actions
  if (!before || !ours) throw new Error('an Action is missing')
  before.code += "api.access.deny('before the prompt')"
  ours.code = desired.action.code
  return {
    config: parsed.config,
    desired,
    fingerprints,
    wrongLoginIssuers: [],
    isCanonicalIssuer: true,
    clock: 0,
    burst: 50,
    redis: { version: '6.2.0', policy: 'noeviction' },
    adoption: { signed: 204, forged: 401 },
    eventStreams: undefined,
    mail: { failure: undefined },
    granted: {
      scopes: [
        ...DESIRED.grant.scope,
        'read:sessions',
        'delete:sessions',
        'delete:refresh_tokens',
        'delete:users',
        ...RIGHTS_KINDS.flatMap((kind) => scopesOf(kind, ['refuse'])),
      ],
    },
    brand: { unread: [], corrections: [] },
    isClientSecretAccepted: { settings: true, proof: true },
    service: {
      isOffering: true,
      down: [],
      warnings: [],
      isSharedSecretAccepted: true,
      isPreviousSecretAccepted: undefined,
      snapshots: 2,
      version: VERSION,
      isStrict: true,
      login: {
        url: new URL(
          'https://login.example.com/authorize?client_id=settings-id&redirect_uri=https://app.example.com/auth/callback',
        ),
        cookies: ['__txn=x; Path=/; HttpOnly; Secure; SameSite=lax'],
      },
      clock: 0,
    },
    clients: [theirs, settings, proof, management],
    apis,
    connections: connections.map((each) => ({
      ...each,
      options: { client_id: 'ours' },
      isProvisioned: false,
    })),
    organizations: undefined,
    profiles: { sampled: 100, large: 0 },
    actions,
    bindings,
    rules: [],
    unread: [],
  }
}
