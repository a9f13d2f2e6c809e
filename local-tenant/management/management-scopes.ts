/**
 * The Management API as an API among others: its scopes.
 * @module
 */

const OBJECTS: [verbs: string, objects: string[]][] = [
  [
    'create read update delete',
    [
      'actions',
      'client_grants',
      'client_keys',
      'clients',
      'connections',
      'resource_servers',
      'rules',
      'users',
    ],
  ],
  ['create read update delete', ['users_app_metadata', 'scim_config', 'directory_provisionings']],
  ['read update', ['branding', 'connections_options', 'tenant_settings']],
  ['read delete', ['refresh_tokens', 'sessions']],
  ['read', ['client_summary', 'user_idp_tokens']],
]

/** What a grant of every scope grants: the scopes of the Management API, as far as the tenant plays it. */
export const MANAGEMENT_SCOPES = OBJECTS.flatMap(([verbs, objects]) =>
  objects.flatMap((object) => verbs.split(' ').map((verb) => `${verb}:${object}`)),
)
