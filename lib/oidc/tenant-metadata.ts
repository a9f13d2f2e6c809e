import 'server-only'
import {
  allowInsecureRequests,
  ClientSecretPost,
  Configuration,
  discovery,
  enableNonRepudiationChecks,
  type ServerMetadata,
} from 'openid-client'
import { LinkingError } from '@/core/errors'
import { parseUrl } from '../../core/parse-url'
import type { ClientCredentials } from '../config/config'
import type { TenantDomain } from '../config/tenant-domain'
import { processMemory } from '../process/process-memory'

/** How long a tenant's metadata is cached, in milliseconds. */
const METADATA_CACHE_MS = 10 * 60 * 1000
/** Longest wait for one response of the tenant, in seconds. */
const TENANT_TIMEOUT_SECONDS = 5

interface CachedMetadata {
  metadata: ServerMetadata
  until: number
}

const cache = () => processMemory('tenant-metadata', () => new Map<string, CachedMetadata>())

/**
 * Configures the linking client at a login domain for one authorization. Metadata is cached for ten minutes. Signing keys
 * are fetched for each authorization, so that a key that was published a moment ago is known.
 *
 * @param client - The linking client: our application at the tenant, with which people sign in to prove that an account is
 *   theirs.
 * @param domain - The login domain.
 * @throws {LinkingError} `tenant_unreachable`, or `bad_issuer` if the metadata names another issuer, has endpoints at
 *   another origin, or does not support PKCE with S256.
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html OpenID Connect Discovery}
 */
export async function linkingClient(
  client: ClientCredentials,
  { issuer }: TenantDomain,
): Promise<Configuration> {
  const metadata = await tenantMetadata(issuer, client.id)
  const configuration = new Configuration(
    metadata,
    client.id,
    { id_token_signed_response_alg: 'RS256' },
    ClientSecretPost(client.secret),
  )
  configuration.timeout = TENANT_TIMEOUT_SECONDS
  enableNonRepudiationChecks(configuration)
  if (isPlainHttp(issuer)) allowInsecureRequests(configuration)
  return configuration
}

async function tenantMetadata(issuer: string, clientId: string): Promise<ServerMetadata> {
  const known = cache().get(issuer)
  if (known && known.until > Date.now()) return known.metadata
  const metadata = await discover(issuer, clientId)
  assertOwnEndpoints(metadata, issuer)
  cache().set(issuer, { metadata, until: Date.now() + METADATA_CACHE_MS })
  return metadata
}

async function discover(issuer: string, clientId: string): Promise<ServerMetadata> {
  const execute = isPlainHttp(issuer) ? [allowInsecureRequests] : []
  try {
    const found = await discovery(new URL(issuer), clientId, undefined, undefined, {
      execute,
      timeout: TENANT_TIMEOUT_SECONDS,
    })
    return { ...found.serverMetadata() }
  } catch (cause) {
    const isForeign = cause instanceof Error && 'code' in cause && cause.code === ISSUER_MISMATCH
    throw new LinkingError(isForeign ? 'bad_issuer' : 'tenant_unreachable', { cause })
  }
}

const ISSUER_MISMATCH = 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED'

/**
 * Refuses metadata with endpoints at another origin: we send the client secret and the code there, and read the keys from there.
 */
function assertOwnEndpoints(metadata: ServerMetadata, issuer: string): void {
  const endpoints = [metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri]
  const isOwn = endpoints.every((endpoint) => endpoint && `${parseUrl(endpoint)?.origin}/` === issuer)
  if (!isOwn || metadata.issuer !== issuer) throw new LinkingError('bad_issuer')
  if (!metadata.code_challenge_methods_supported?.includes('S256')) throw new LinkingError('bad_issuer')
}

const isPlainHttp = (issuer: string) => issuer.startsWith('http:')
