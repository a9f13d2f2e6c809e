/**
 * Properties of a client that the tenant stores and shows. It uses only `app_type` and `token_endpoint_auth_method`: they
 * decide which grant types a new client gets, and whether it gets a secret.
 * @module
 */
import { z } from 'zod'

const Text = z.string()
const Flag = z.boolean()
const Texts = z.array(z.string().min(1))
const Settings = z.record(z.string(), z.json())

const AppType = z.enum([
  'native',
  'spa',
  'regular_web',
  'non_interactive',
  'resource_server',
  'express_configuration',
  'rms',
  'box',
  'cloudbees',
  'concur',
  'dropbox',
  'mscrm',
  'echosign',
  'egnyte',
  'newrelic',
  'office365',
  'salesforce',
  'sentry',
  'sharepoint',
  'slack',
  'springcm',
  'zendesk',
  'zoom',
  'sso_integration',
  'oag',
])

/** Properties that are accepted when a client is created or changed. */
export const CLIENT_SETTINGS = {
  description: z
    .string()
    .max(140)
    .describe('Free text description of this client (max length: 140 characters).'),
  logo_uri: Text.describe('URL of the logo to display for this client. Recommended size is 150x150 pixels.'),
  app_type: AppType.describe('The type of application this client represents'),
  is_first_party: Flag.describe('Whether this client a first party client or not'),
  oidc_conformant: Flag,
  initiate_login_uri: Text.describe('Initiate login uri, must be https'),
  cross_origin_authentication: Flag.describe(
    'Whether this client can be used to make cross-origin authentication requests (true) or it is not allowed to make such requests (false).',
  ),
  cross_origin_loc: Text.describe(
    'URL of the location in your site where the cross origin verification takes place for the cross-origin auth flow when performing Auth in your own domain instead of Auth0 hosted login page.',
  ),
  custom_login_page_on: Flag,
  custom_login_page: Text.describe('The content (HTML, CSS, JS) of the custom login page.'),
  custom_login_page_preview: Text.describe(
    'The content (HTML, CSS, JS) of the custom login page. (Used on Previews)',
  ),
  form_template: Text.describe('HTML form template to be used for WS-Federation.'),
  sso: Flag.describe(
    'Applies only to SSO clients and determines whether Auth0 will handle Single Sign On (true) or whether the Identity Provider will (false).',
  ),
  sso_disabled: Flag,
  is_token_endpoint_ip_header_trusted: Flag.describe(
    "If true, trust that the IP specified in the `auth0-forwarded-for` header is the end-user's IP for brute-force-protection on token endpoint.",
  ),
  allowed_clients: Texts.describe(
    'List of allow clients and API ids that are allowed to make delegation requests. Empty means all all your clients are allowed.',
  ),
  allowed_origins: Texts,
  client_aliases: Texts.describe('List of audiences/realms for SAML protocol. Used by the wsfed addon.'),
  addons: Settings.describe('Addons enabled for this client and their associated configurations.'),
  mobile: Settings.describe('Additional configuration for native mobile apps.'),
  oidc_logout: Settings.describe('Configuration for OIDC backchannel logout'),
  oidc_backchannel_logout: Settings.describe('Configuration for OIDC backchannel logout'),
  signed_request_object: Settings.describe('JWT-secured Authorization Requests (JAR) settings.'),
  token_vault_privileged_access: Settings.describe('Settings for Token Vault Privileged Access.'),
  require_pushed_authorization_requests: Flag.describe(
    'Makes the use of Pushed Authorization Requests mandatory for this client',
  ),
  require_proof_of_possession: Flag.describe(
    'Makes the use of Proof-of-Possession mandatory for this client',
  ),
  third_party_security_mode: z.enum(['strict', 'permissive']),
  redirection_policy: z.enum(['allow_always', 'open_redirect_protection']),
}

/** Like {@link CLIENT_SETTINGS}; null removes the property. */
export const CLEARABLE_CLIENT_SETTINGS = {
  token_endpoint_auth_method: z
    .enum(['none', 'client_secret_post', 'client_secret_basic'])
    .describe(
      'Defines the requested authentication method for the token endpoint. Can be `none` (public client without a client secret), `client_secret_post` (client uses HTTP POST parameters), or `client_secret_basic` (client uses HTTP Basic).',
    ),
  refresh_token: Settings.describe('Refresh token configuration'),
  session_transfer: Settings.describe('Native to Web SSO Configuration'),
  encryption_key: Settings.describe('Encryption used for WsFed responses with this client.'),
  native_social_login: Settings.describe('Configure native social settings'),
  fedcm_login: Settings.describe('Configure FedCM login settings for New Universal Login'),
  default_organization: Settings.describe('Defines the default Organization ID and flows'),
  organization_usage: z
    .enum(['deny', 'allow', 'require'])
    .describe(
      'Defines how to proceed during an authentication transaction with regards an organization. Can be `deny` (default), `allow` or `require`.',
    ),
  organization_require_behavior: z
    .enum(['no_prompt', 'pre_login_prompt', 'post_login_prompt'])
    .describe(
      "Defines how to proceed during an authentication transaction when `client.organization_usage: 'require'`. Can be `no_prompt` (default), `pre_login_prompt` or `post_login_prompt`. `post_login_prompt` requires `oidc_conformant: true`.",
    ),
  organization_discovery_methods: z
    .array(z.enum(['email', 'organization_name']))
    .min(1)
    .describe(
      'Defines the available methods for organization discovery during the `pre_login_prompt`. Users can discover their organization either by `email`, `organization_name` or both.',
    ),
  client_authentication_methods: Settings.describe('Defines client authentication methods.'),
  compliance_level: z
    .enum(['none', 'fapi1_adv_pkj_par', 'fapi1_adv_mtls_par', 'fapi2_sp_pkj_mtls', 'fapi2_sp_mtls_mtls'])
    .describe("Defines the compliance level for this client, which may restrict it's capabilities"),
  skip_non_verifiable_callback_uri_confirmation_prompt: Flag,
  token_exchange: Settings.describe('Configuration for token exchange.'),
  token_quota: Settings,
  par_request_expiry: z
    .number()
    .int()
    .min(10)
    .max(600)
    .describe('Specifies how long, in seconds, a Pushed Authorization Request URI remains valid'),
  express_configuration: Settings.describe(
    'Application specific configuration for use with the OIN Express Configuration feature.',
  ),
  my_organization_configuration: Settings.describe(
    'Configuration related to the My Organization Configuration for the client.',
  ),
  async_approval_notification_channels: z
    .array(z.enum(['guardian-push', 'email']))
    .min(1)
    .describe(
      'Array of notification channels for contacting the user when their approval is required. Valid values are `guardian-push`, `email`.',
    ),
}

/**
 * What Auth0 shows for properties of a client that were never set.
 *
 * @see https://auth0.com/docs/api/management/v2/clients/get-clients-by-id
 */
export const CLIENT_DEFAULTS = {
  tenant: 'local',
  global: false,
  is_token_endpoint_ip_header_trusted: false,
  is_first_party: true,
  oidc_conformant: false,
  sso_disabled: false,
  cross_origin_authentication: false,
  custom_login_page_on: true,
  callback_url_template: false,
  refresh_token: {
    expiration_type: 'non-expiring',
    leeway: 0,
    infinite_token_lifetime: true,
    infinite_idle_token_lifetime: true,
    token_lifetime: 2_592_000,
    idle_token_lifetime: 1_296_000,
    rotation_type: 'non-rotating',
  },
  // The tenant signs nothing with a client's own certificate.
  signing_keys: [],
}
