/**
 * The properties of a client that the tenant keeps, gives back, and does nothing with.
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

/** Taken when a client is created, and when it is changed. */
export const CLIENT_SETTINGS = {
  description: z.string().max(140),
  logo_uri: Text,
  app_type: AppType,
  is_first_party: Flag,
  oidc_conformant: Flag,
  initiate_login_uri: Text,
  cross_origin_authentication: Flag,
  cross_origin_loc: Text,
  custom_login_page_on: Flag,
  custom_login_page: Text,
  custom_login_page_preview: Text,
  form_template: Text,
  sso: Flag,
  sso_disabled: Flag,
  is_token_endpoint_ip_header_trusted: Flag,
  allowed_clients: Texts,
  allowed_origins: Texts,
  client_aliases: Texts,
  addons: Settings,
  mobile: Settings,
  oidc_logout: Settings,
  oidc_backchannel_logout: Settings,
  signed_request_object: Settings,
  token_vault_privileged_access: Settings,
  require_pushed_authorization_requests: Flag,
  require_proof_of_possession: Flag,
  third_party_security_mode: z.enum(['strict', 'permissive']),
  redirection_policy: z.enum(['allow_always', 'open_redirect_protection']),
}

/** As {@link CLIENT_SETTINGS}, and null, which takes the property away. */
export const CLEARABLE_CLIENT_SETTINGS = {
  token_endpoint_auth_method: z.enum(['none', 'client_secret_post', 'client_secret_basic']),
  refresh_token: Settings,
  session_transfer: Settings,
  encryption_key: Settings,
  native_social_login: Settings,
  fedcm_login: Settings,
  default_organization: Settings,
  organization_usage: z.enum(['deny', 'allow', 'require']),
  organization_require_behavior: z.enum(['no_prompt', 'pre_login_prompt', 'post_login_prompt']),
  organization_discovery_methods: z.array(z.enum(['email', 'organization_name'])).min(1),
  client_authentication_methods: Settings,
  compliance_level: z.enum([
    'none',
    'fapi1_adv_pkj_par',
    'fapi1_adv_mtls_par',
    'fapi2_sp_pkj_mtls',
    'fapi2_sp_mtls_mtls',
  ]),
  skip_non_verifiable_callback_uri_confirmation_prompt: Flag,
  token_exchange: Settings,
  token_quota: Settings,
  par_request_expiry: z.number().int().min(10).max(600),
  express_configuration: Settings,
  my_organization_configuration: Settings,
  async_approval_notification_channels: z.array(z.enum(['guardian-push', 'email'])).min(1),
}

/**
 * What Auth0 shows of a client on which nothing was set.
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
  // Nothing is signed with a certificate of a client's own.
  signing_keys: [],
}
