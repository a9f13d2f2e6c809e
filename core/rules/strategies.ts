/**
 * Auth0's kinds of connections.
 * @module
 */

/**
 * Auth0's strategies: every possible value of an identity's `provider`.
 *
 * @see {@link https://auth0.com/docs/api/management/v2/users/post-identities Link a user account, `provider`}
 */
export const STRATEGIES =
  'ad adfs amazon apple auth0 auth0-oidc baidu bitbucket bitly box custom daccount dropbox dwolla email evernote evernote-sandbox exact facebook fitbit github google-apps google-oauth2 instagram ip line linkedin oauth1 oauth2 office365 oidc okta paypal paypal-sandbox pingfederate planningcenter salesforce salesforce-community salesforce-sandbox samlp sharepoint shop shopify sms soundcloud thirtysevensignals twitter untappd vkontakte waad weibo windowslive wordpress yahoo yandex'.split(
    ' ',
  )
