/** The scopes that the operator's token needs, and no others. docs/provision.md lists them. */
export const REQUIRED_SCOPES = [
  'read:clients',
  'create:clients',
  'update:clients',
  'delete:clients',
  'read:client_keys',
  'read:client_grants',
  'create:client_grants',
  'update:client_grants',
  'delete:client_grants',
  'read:connections',
  'update:connections',
  'read:actions',
  'create:actions',
  'update:actions',
  'delete:actions',
]
