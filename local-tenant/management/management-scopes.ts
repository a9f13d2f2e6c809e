/**
 * The scopes of the Management API.
 * @module
 */

const OBJECTS: [verbs: string, objects: string[]][] = [
  [
    'create read update delete',
    [
      'actions',
      'client_grants',
      'client_keys',
      'event_streams',
      'clients',
      'connections',
      'authentication_methods',
      'organizations',
      'organization_connections',
      'resource_servers',
      'roles',
      'rules',
      'users',
    ],
  ],
  ['create read update delete', ['users_app_metadata', 'scim_config', 'directory_provisionings']],
  ['read update', ['branding', 'connections_options', 'tenant_settings']],
  ['create read delete', ['organization_members', 'organization_member_roles', 'role_members']],
  ['read delete', ['refresh_tokens', 'sessions']],
  ['read', ['client_summary', 'custom_domains', 'organizations_summary', 'user_idp_tokens']],
  ['create', ['guardian_enrollment_tickets']],
]

/** All scopes of the Management API that the tenant supports. A client grant with `allow_all_scopes` grants these. */
export const MANAGEMENT_SCOPES = OBJECTS.flatMap(([verbs, objects]) =>
  objects.flatMap((object) => verbs.split(' ').map((verb) => `${verb}:${object}`)),
)
