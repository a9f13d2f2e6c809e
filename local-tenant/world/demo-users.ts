/**
 * The users of the demo world, with which a tenant starts by default.
 * @module
 */
import type { WorldUser } from './world'

/**
 * Returns the users. Password accounts are older than the others. Olga is an operator of the linking service's console.
 *
 * @param appOrigin - The linking service's origin, which is part of the identifier of the console's API.
 */
export function demoUsers(appOrigin: string): WorldUser[] {
  return [
    {
      ...password('ann', 'Ann Archer', { logins_count: 41 }),
      user_metadata: { theme: 'dark', language: 'en' },
      app_metadata: { plan: 'team', customer_number: 'C-1001' },
    },
    {
      ...google('ann', 'Ann Archer', { logins_count: 3 }),
      user_metadata: { theme: 'light', newsletter: true },
      app_metadata: { plan: 'free', trial: { started: '2025-02-01' } },
    },
    {
      ...password('bea', 'Bea Brook', { logins_count: 12 }),
      user_metadata: { language: 'de' },
      app_metadata: { customer_number: 'C-1002' },
    },
    { ...google('bea', 'Bea Brook', { logins_count: 5 }), user_metadata: { newsletter: false } },
    {
      ...social('github', 'bea-h', 'bea@example.com', 'Bea Brook'),
      created_at: '2025-05-20T09:00:00.000Z',
      nickname: 'beabrook',
      user_metadata: { editor: 'vim', newsletter: true },
    },
    password('cy', 'Cy Cole', { email_verified: false }),
    google('cy', 'Cy Cole', { logins_count: 2 }),
    { ...password('dee', 'Dee Dunn', { logins_count: 7 }), user_metadata: { theme: 'light' } },
    { ...password('eve', 'Eve Ellis', { logins_count: 9 }), user_metadata: { language: 'en' } },
    // Google keeps the case of the email address that the user chose; databases store lower case.
    { ...google('eve', 'Eve Ellis', { logins_count: 4 }), email: 'Eve@Example.com' },
    { ...password('fay', 'Fay Ford', { logins_count: 15, mfa: true }), user_metadata: { theme: 'dark' } },
    { ...google('fay', 'Fay Ford', { logins_count: 1 }), user_metadata: { newsletter: true } },
    password('gil', 'Gil Grant', { logins_count: 8 }),
    {
      user_id: 'samlp|acme-saml|gil|grant@acme.example',
      email: 'gil@example.com',
      email_verified: true,
      name: 'Gil Grant',
      created_at: '2025-03-11T09:00:00.000Z',
      logins_count: 2,
      app_metadata: { department: 'Sales' },
      identities: [
        { provider: 'samlp', user_id: 'acme-saml|gil|grant@acme.example', connection: 'acme-saml' },
      ],
    },
    {
      user_id: 'email|hal',
      email: 'hal@example.com',
      email_verified: true,
      name: 'hal@example.com',
      created_at: '2025-04-02T09:00:00.000Z',
      logins_count: 1,
      identities: [{ provider: 'email', user_id: 'hal', connection: 'email' }],
    },
    password('ivo', 'Ivo Ingram', { logins_count: 11, roles: ['editor'] }),
    google('ivo', 'Ivo Ingram', { logins_count: 6, roles: ['billing'] }),
    password('jo', 'Jo Jensen', { logins_count: 5 }),
    google('jo', 'Jo Jensen', { logins_count: 9, organizations: [{ name: 'acme', roles: ['admin'] }] }),
    password('kit', 'Kit Kelly', { logins_count: 14, authentication_methods: [{ type: 'passkey' }] }),
    google('kit', 'Kit Kelly', { logins_count: 2 }),
    password('olga', 'Olga Olsen', {
      logins_count: 21,
      mfa: true,
      permissions: [
        {
          resource_server_identifier: `${appOrigin}/console`,
          permission_name: 'operate:account_linking',
        },
      ],
    }),
  ]
}

function password(id: string, name: string, rest: Partial<WorldUser>): WorldUser {
  return {
    user_id: `auth0|${id}`,
    email: `${id}@example.com`,
    email_verified: true,
    name,
    nickname: id,
    created_at: '2023-06-01T09:00:00.000Z',
    identities: [{ provider: 'auth0', user_id: id, connection: 'Username-Password-Authentication' }],
    ...rest,
  }
}

function google(id: string, name: string, rest: Partial<WorldUser>): WorldUser {
  return {
    ...social('google-oauth2', `${id}-g`, `${id}@example.com`, name),
    created_at: '2025-02-01T09:00:00.000Z',
    ...rest,
  }
}

function social(provider: string, id: string, email: string, name: string): WorldUser {
  const [given, family] = name.split(' ')
  return {
    user_id: `${provider}|${id}`,
    email,
    email_verified: true,
    name,
    ...(given !== undefined && { given_name: given }),
    ...(family !== undefined && { family_name: family }),
    identities: [{ provider, user_id: id, connection: provider }],
  }
}
