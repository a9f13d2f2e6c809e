import 'server-only'

/**
 * The path to which the tenant redirects after the second authorization, in which the person signs in to the account to
 * link. The linking client (our application at the tenant for that sign-in) must have it as an allowed callback URL.
 */
export const CALLBACK_PATH = '/link/callback'
