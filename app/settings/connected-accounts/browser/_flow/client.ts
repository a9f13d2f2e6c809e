/**
 * The library that opens the sign-in windows and calls the tenant: loaded by the pages that need it, and by no other.
 * @module
 */
import type { AuthOptions } from 'auth0-js'

/** The public client of this page, and the address of its tenant. */
export interface BrowserLinkingClient {
  clientId: string
  /** Canonical domain, with the port if there is one: only it serves the Management API. */
  domain: string
  /** Address of the page that takes the answers. */
  redirectUri: string
}

/** auth0.js, once it is loaded. */
export type Auth0 = typeof import('auth0-js')

/** Loads auth0.js. */
export const loadAuth0 = (): Promise<Auth0> => import('auth0-js')

/** The options with which both pages make their `WebAuth`. */
export function webAuthOptions({ clientId, domain, redirectUri }: BrowserLinkingClient): AuthOptions {
  return {
    clientID: clientId,
    domain,
    redirectUri,
    // Otherwise the key is fetched from wherever the token itself says it was issued.
    overrides: { __jwks_uri: `https://${domain}/.well-known/jwks.json` },
  }
}
