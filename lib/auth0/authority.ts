/**
 * Chooses whose access token is used for Management API calls: our own or the person's.
 * @module
 */
import 'server-only'
import type { Config } from '../config/config'
import { processMemory } from '../process/process-memory'
import type { CacheServices } from '../store/cached'
import { ManagementApiError } from './management-api-error'
import { createTokenCache, type TokenCache, type TokenMemory } from './token-cache'

/** An access token for the Management API, and where to use it. */
export interface Authority {
  /** Without a slash at the end. */
  origin: string
  /** Host of the custom domain at which people sign in, if {@link origin} is another one. */
  customDomain: string | undefined
  /** @throws {ManagementApiError} `tenant_unreachable` or `management_failed` */
  token(): Promise<string>
  /** Forgets a token that the tenant refused, so that {@link token} gets another one. A person's own token cannot be replaced. */
  drop(token: string): Promise<void>
}

/**
 * The header that names the custom domain at which people sign in, for calls to the tenant's canonical domain; empty for
 * calls to the custom domain itself. A tenant with several custom domains may refuse to change a user without this header.
 *
 * @see https://auth0.com/docs/customize/custom-domains/multiple-custom-domains
 */
export const customDomainHeader = ({ customDomain }: Authority): Record<string, string> =>
  customDomain === undefined ? {} : { 'auth0-custom-domain': customDomain }

/** The authorities by whose tokens we may call the Management API, and what the operator granted us. */
export interface Authorities {
  /**
   * Our own authority. By default this is the machine-to-machine application, at the canonical domain. With
   * `LINKING_AUTHORITY=linking-client` it is the linking client, at the domain that issues its ID tokens.
   *
   * @throws {ManagementApiError} `management_failed` if the needed client is not configured.
   * @see {@link https://auth0.com/docs/secure/tokens/access-tokens/management-api-access-tokens/get-management-api-access-tokens-for-production Access tokens for production}
   */
  server(): Authority
  /**
   * The authority of the person who is signed in. Only a new sign-in renews their token.
   *
   * @param accessToken - The person's access token, with the scope `update:current_user_identities`.
   */
  user(accessToken: string): Authority
  /**
   * Whether the operator granted us all of these scopes. False with `LINKING_AUTHORITY=user`, because we then have no token
   * of our own.
   *
   * @param scopes - Scopes of the Management API, such as `read:roles`.
   * @throws {ManagementApiError} If we cannot get our token, which lists the granted scopes.
   */
  areGranted(scopes: readonly string[]): Promise<boolean>
  /**
   * Whether the operator granted us a scope. Also false if we cannot get our token, which lists the granted scopes.
   *
   * @param scope - A scope of the Management API, such as `delete:users`.
   */
  isGranted(scope: string): Promise<boolean>
  /**
   * Whether the granted scopes let us end a person's access on other devices: their sessions at the tenant and their refresh
   * tokens.
   *
   * @see {@link https://auth0.com/docs/api/management/v2/sessions/delete-session Delete session}
   */
  canEndAccess(): Promise<boolean>
}

/** What the authorities need: the clients that may link, the domains, and the store in which instances share tokens. */
export interface AuthorityServices
  extends CacheServices,
    Pick<
      Config,
      'linkingAuthority' | 'linkingClient' | 'managementClient' | 'auth0Domain' | 'managementDomain'
    > {}

/** Whether we can write metadata. With `LINKING_AUTHORITY=user` we cannot: a person's token can only link and unlink. */
export const canWriteMetadata = ({ linkingAuthority }: Pick<Config, 'linkingAuthority'>): boolean =>
  linkingAuthority !== 'user'

/** Makes the authorities of this installation. */
export function createAuthorities(services: AuthorityServices): Authorities {
  const areGranted = async (scopes: readonly string[]): Promise<boolean> => {
    const isPersonsToken = services.linkingAuthority === 'user'
    const granted = isPersonsToken ? [] : (await serverTokens(services).token()).scopes
    return scopes.every((scope) => granted.includes(scope))
  }
  const isGranted = async (scope: string): Promise<boolean> => {
    try {
      return await areGranted([scope])
    } catch (error) {
      if (error instanceof ManagementApiError) return false
      throw error
    }
  }
  return {
    server() {
      const tokens = serverTokens(services)
      const { auth0Domain } = services
      const origin = serverOrigin(services)
      return {
        origin,
        customDomain: auth0Domain.origin === origin ? undefined : auth0Domain.host,
        token: async () => (await tokens.token()).value,
        drop: (token) => tokens.drop(token),
      }
    },
    user: (accessToken) => ({
      origin: services.auth0Domain.origin,
      customDomain: undefined,
      token: async () => accessToken,
      drop: async () => undefined,
    }),
    areGranted,
    isGranted,
    async canEndAccess() {
      const needed = ['delete:refresh_tokens', 'read:sessions', 'delete:sessions']
      return (await Promise.all(needed.map(isGranted))).every(Boolean)
    },
  }
}

function serverOrigin({ linkingAuthority, auth0Domain, managementDomain }: AuthorityServices): string {
  return linkingAuthority === 'linking-client' ? auth0Domain.origin : managementDomain.origin
}

function serverTokens(services: AuthorityServices): TokenCache {
  const { linkingAuthority, linkingClient, managementClient, managementDomain } = services
  const client = linkingAuthority === 'linking-client' ? linkingClient : managementClient
  if (!client) throw new ManagementApiError('management_failed')
  return createTokenCache(
    {
      name: 'management',
      origin: serverOrigin(services),
      audience: `${managementDomain.origin}/api/v2/`,
      clientId: client.id,
      clientSecret: client.secret,
    },
    processMemory<TokenMemory>('management-token', () => ({})),
    services,
  )
}
