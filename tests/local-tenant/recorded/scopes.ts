const VERBS = ['create', 'read', 'update', 'delete']
const OBJECTS = [
  'actions',
  'authentication_methods',
  'branding',
  'client_grants',
  'client_keys',
  'clients',
  'connections',
  'connections_options',
  'directory_provisionings',
  'organization_connections',
  'organization_member_roles',
  'organization_members',
  'organizations',
  'refresh_tokens',
  'resource_servers',
  'roles',
  'rules',
  'scim_config',
  'sessions',
  'tenant_settings',
  'users',
  'users_app_metadata',
]

/** Scopes of the token for recorded facts, unless a row names others. */
export const EVERY_SCOPE = OBJECTS.flatMap((object) => VERBS.map((verb) => `${verb}:${object}`)).join(' ')
