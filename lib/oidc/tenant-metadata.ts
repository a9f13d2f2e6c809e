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
import { config } from '../config/config'
import { processMemory } from '../process/process-memory'

/** How long a tenant's metadata is kept, in milliseconds. */
const METADATA_CACHE_MS = 10 * 60 * 1000
/** Longest wait for one answer of the tenant, in seconds. */
const TENANT_TIMEOUT_SECONDS = 5

interface CachedMetadata {
  metadata: ServerMetadata
  until: number
}

const cache = () => processMemory('tenant-metadata', () => new Map<string, CachedMetadata>())

/**
 * The linking client at a login domain, ready for one authorization. Metadata is kept; signing keys are read anew for
 * each, so that a key published a moment ago is known.
 *
 * @param domain - The first by default.
 * @throws {LinkingError} `tenant_unreachable`, or `bad_issuer` where the metadata would send secrets elsewhere.
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html OpenID Connect Discovery}
 */
export async function linkingClient({ issuer } = config().auth0Domain): Promise<Configuration> {
  const { linkingClient: client } = config()
  const metadata = await tenantMetadata(issuer)
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

async function tenantMetadata(issuer: string): Promise<ServerMetadata> {
  const cached = cache().get(issuer)
  if (cached && cached.until > Date.now()) return cached.metadata
  const metadata = await discover(issuer)
  assertOwnEndpoints(metadata, issuer)
  cache().set(issuer, { metadata, until: Date.now() + METADATA_CACHE_MS })
  return metadata
}

async function discover(issuer: string): Promise<ServerMetadata> {
  const execute = isPlainHttp(issuer) ? [allowInsecureRequests] : []
  try {
    const found = await discovery(new URL(issuer), config().linkingClient.id, undefined, undefined, {
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

/** The client secret and the code go to these addresses, and the keys come from there. */
function assertOwnEndpoints(metadata: ServerMetadata, issuer: string): void {
  const endpoints = [metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri]
  const isOwn = endpoints.every(
    (endpoint) => endpoint && URL.canParse(endpoint) && `${new URL(endpoint).origin}/` === issuer,
  )
  if (!isOwn || metadata.issuer !== issuer) throw new LinkingError('bad_issuer')
  if (!metadata.code_challenge_methods_supported?.includes('S256')) throw new LinkingError('bad_issuer')
}

const isPlainHttp = (issuer: string) => issuer.startsWith('http:')
