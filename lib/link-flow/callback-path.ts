import 'server-only'

/**
 * Our path to which the tenant redirects after a second authorization. It must be an allowed callback URL of the linking client.
 */
export const CALLBACK_PATH = '/link/callback'
