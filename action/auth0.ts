/**
 * The parts of Auth0's post-login `event` and `api` that this Action uses.
 *
 * @see {@link https://auth0.com/docs/actions/reference/post-login/post-login-event-object Post-login event object}
 * @see {@link https://auth0.com/docs/actions/reference/post-login/post-login-api-object Post-login API object}
 * @module
 */

/** One login. `user` is the tenant's JSON, which may be incomplete. */
export interface PostLoginEvent {
  user: { user_id: string } & Record<string, unknown>
  client: { client_id: string; name?: string; metadata?: Record<string, string> }
  connection: { name: string; strategy: string }
  authentication?: { methods?: { name: string }[] }
  authorization?: { roles?: string[] }
  organization?: { id?: string }
  request: { hostname?: string }
  secrets: Record<string, string | undefined>
  session?: { id: string }
  stats?: { logins_count?: number }
  transaction?: { metadata?: Record<string, unknown>; ui_locales?: string[] | string }
}

/** What an Action can do with a login. Cache times are in milliseconds. */
export interface PostLoginApi {
  access: { deny(reason: string): void }
  authentication: {
    setPrimaryUser(userId: string): void
    /** Missing on Auth0 versions from before 2023. */
    enrollWithAny?(factors: { type: string }[]): void
  }
  cache: {
    get(key: string): { value: string } | undefined
    set(
      key: string,
      value: string,
      options?: { ttl?: number },
    ): { type: 'success' } | { type: 'error'; code: string }
    delete(key: string): unknown
  }
  idToken: { setCustomClaim(name: string, value: unknown): void }
  redirect: {
    canRedirect(): boolean
    encodeToken(options: {
      secret: string
      payload: Record<string, unknown>
      expiresInSeconds?: number
    }): string
    sendUserTo(url: string, options?: { query?: Record<string, string> }): void
    validateToken(options: { secret: string; tokenParameterName?: string }): unknown
  }
  transaction?: { setMetadata(key: string, value: string | null): void }
  user: { setAppMetadata(key: string, value: unknown): void }
}
