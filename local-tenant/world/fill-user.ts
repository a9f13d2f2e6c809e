/**
 * Makes one user for `POST /_tenant/fill`.
 * @module
 */
import type { StoredIdentity, StoredUser } from '../model'
import type { Draft, Way } from './fill-kinds'
import { DEMO_PASSWORD, isSocial } from './world'
import type { WorldConnection } from './world-connection'

/** The connection of each sign-in method. */
export const WAY_CONNECTIONS: Record<Way, WorldConnection> = {
  password: { name: 'Username-Password-Authentication', strategy: 'auth0' },
  google: { name: 'google-oauth2', strategy: 'google-oauth2' },
  github: { name: 'github', strategy: 'github' },
  saml: { name: 'acme-saml', strategy: 'samlp' },
  provisioned: { name: 'provisioned-saml', strategy: 'samlp', scim_configuration: {} },
  legacy: { name: 'legacy-db', strategy: 'auth0' },
}

/** What a user is made from, in addition to its {@link Draft}. */
export interface UserInputs {
  seed: number
  /** The user's number, counted from 1 for each seed. */
  number: number
  given: string
  family: string
  /** Returns whole numbers below 2^32. */
  random: () => number
}

const FIRST_DAY = Date.parse('2018-01-01T00:00:00.000Z')
const CREATION_SPAN_DAYS = 3_000
const DAY_MS = 86_400_000

/** Makes a user. Ids, dates and metadata depend only on the draft and on `inputs`. */
export function makeUser(draft: Draft, inputs: UserInputs): StoredUser {
  const { number, random } = inputs
  const identities = [draft.way, ...(draft.linked ?? [])].map((way, index) =>
    identityOf(way, draft, inputs, index > 0),
  )
  const own = identities[0] as StoredIdentity
  const created = FIRST_DAY + (random() % CREATION_SPAN_DAYS) * DAY_MS + (random() % DAY_MS)
  const logins = random() % 60
  const name = [inputs.given, inputs.family].map((part) => part.charAt(0).toUpperCase() + part.slice(1))
  const created_at = new Date(created).toISOString()
  const last = logins > 0 && new Date(created + (random() % 200) * DAY_MS).toISOString()
  return {
    user_id: `${own.provider}|${own.user_id}`,
    ...(draft.email !== undefined && { email: draft.email }),
    ...(typeof draft.email === 'string' && { email_verified: draft.isVerified ?? false }),
    name: name.join(' '),
    ...(draft.isBlocked && { blocked: true }),
    ...(own.provider === 'auth0' && { password: DEMO_PASSWORD }),
    created_at,
    updated_at: last || created_at,
    ...(last && { last_login: last }),
    logins_count: logins,
    rights: { roles: [], permissions: [], organizations: [], authentication_methods: [] },
    user_metadata: number % 2 === 0 ? { language: ['en', 'de', 'fr'][random() % 3] } : {},
    app_metadata: number % 3 === 0 ? { customer_number: `C-${number}` } : {},
    identities,
  }
}

/** Makes an identity. Its id looks like those of the provider; for SAML it contains the email address, if there is one. */
function identityOf(way: Way, draft: Draft, { seed, number }: UserInputs, isLinked: boolean): StoredIdentity {
  const { name, strategy } = WAY_CONNECTIONS[way]
  const digits = `${String(seed).padStart(8, '0')}${String(number).padStart(12, '0')}`
  const ids: Record<string, string> = {
    auth0: `5eed${digits}`,
    'google-oauth2': `1${digits}`,
    github: String(Number(digits.slice(0, 8)) * 10_000_000 + number),
    samlp: `${name}|${draft.email && draft.email.length < 100 ? draft.email.trim() || digits : digits}`,
  }
  return {
    provider: strategy,
    user_id: ids[strategy] ?? digits,
    connection: name,
    isSocial: isSocial(strategy),
    ...(isLinked && { profileData: { email: draft.email, email_verified: true } }),
  }
}
