import { Auth0Client } from '@auth0/nextjs-auth0/server'

function required(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set.`)
  return value
}

/** Origin of the account linking service, without a slash at the end. */
export const accountsUrl = required('ACCOUNTS_URL')
/** Origin of this application. */
export const appUrl = required('APP_BASE_URL')
/** Client id of this application at Auth0. */
export const clientId = required('AUTH0_CLIENT_ID')

const domain = required('AUTH0_DOMAIN')

export const auth0 = new Auth0Client({
  domain,
  // The session library refuses http, which the local tenant uses, without this option.
  allowInsecureRequests: /^(https?:\/\/)?localhost(:|$)/.test(domain),
  appBaseUrl: appUrl,
  clientId,
  clientSecret: required('AUTH0_CLIENT_SECRET'),
  secret: required('AUTH0_SECRET'),
  // Makes Auth0 issue an access token for the service's API.
  authorizationParameters: {
    audience: `${accountsUrl}/api`,
    scope: 'openid profile email read:sign_in_methods',
  },
})
