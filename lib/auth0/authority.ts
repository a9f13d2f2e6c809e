/**
 * By whose token the Management API is called.
 * @module
 */
import 'server-only'
import { config } from '../config/config'
import { processMemory } from '../process/process-memory'
import { ManagementApiError } from './management-api-error'
import { createTokenCache, type TokenCache, type TokenMemory } from './token-cache'

/** An access token for the Management API, and where to show it. */
export interface Authority {
  /** Without a slash at the end. */
  origin: string
  /** @throws {ManagementApiError} `tenant_unreachable` or `management_failed` */
  token(): Promise<string>
  /** Forgets a token that was refused. */
  drop(token: string): Promise<void>
}

/**
 * Our own authority: the machine-to-machine application at the canonical domain, or where the operator says so the linking
 * client, at the domain that its ID tokens come from.
 *
 * @see {@link https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens/get-management-api-access-tokens-for-production Access tokens for production}
 */
export function serverAuthority(): Authority {
  const tokens = serverTokens()
  return {
    origin: serverOrigin(),
    token: async () => (await tokens.token()).value,
    drop: (token) => tokens.drop(token),
  }
}

/**
 * The authority of the person who is signed in. Nothing renews it: a new sign-in does.
 *
 * @param accessToken - Theirs, with `update:current_user_identities`.
 */
export function userAuthority(accessToken: string): Authority {
  return {
    origin: config().auth0Domain.origin,
    token: async () => accessToken,
    drop: async () => undefined,
  }
}

/**
 * Whether the operator granted us a scope. What cannot be found out was not granted.
 *
 * @param scope - Of the Management API, such as `delete:users`.
 */
export async function isGranted(scope: string): Promise<boolean> {
  if (config().linkingAuthority === 'user') return false
  try {
    return (await serverTokens().token()).scopes.includes(scope)
  } catch (error) {
    if (error instanceof ManagementApiError) return false
    throw error
  }
}

/**
 * Whether the operator lets us end what is open on other devices: sessions at the tenant and refresh tokens.
 *
 * @see {@link https://auth0.com/docs/api/management/v2/sessions/delete-session Delete session}
 */
export async function canEndAccess(): Promise<boolean> {
  const needed = ['delete:refresh_tokens', 'read:sessions', 'delete:sessions']
  return (await Promise.all(needed.map(isGranted))).every(Boolean)
}

function serverOrigin(): string {
  const { linkingAuthority, auth0Domain, managementDomain } = config()
  return linkingAuthority === 'linking-client' ? auth0Domain.origin : managementDomain.origin
}

function serverTokens(): TokenCache {
  const { linkingAuthority, linkingClient, managementClient, managementDomain } = config()
  const client = linkingAuthority === 'linking-client' ? linkingClient : managementClient
  if (!client) throw new ManagementApiError('management_failed')
  return createTokenCache(
    {
      name: 'management',
      origin: serverOrigin(),
      audience: `${managementDomain.origin}/api/v2/`,
      clientId: client.id,
      clientSecret: client.secret,
    },
    processMemory<TokenMemory>('management-token', () => ({})),
  )
}
