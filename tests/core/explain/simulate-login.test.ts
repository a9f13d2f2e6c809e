import { describe, expect, it } from 'vitest'
import { readSettings } from '@/action/settings'
import {
  addDeclines,
  type LinkingUser,
  lookupMarkHash,
  MARKS_KEY,
  NEVER,
  type RightsCalls,
  snapshotKeyOf,
} from '@/core'
import { simulateLogin } from '@/core/explain/simulate-login'
import { aReturningSnapshot, aUser } from '../../support/builders/users'

const NOW = 1_800_000_000
const NEEDED = {
  MANAGEMENT_API_DOMAIN: 'tenant.example.com',
  MANAGEMENT_API_CLIENT_ID: 'id',
  MANAGEMENT_API_CLIENT_SECRET: 'b',
  SESSION_TOKEN_SHARED_SECRET: 'a',
  ACCOUNT_LINKING_SERVICE_URL: 'https://app.example.com/link',
}

function settingsWith(secrets: Record<string, string>) {
  const settings = readSettings({ ...NEEDED, ...secrets })
  if (!settings) throw new Error('a secret is missing')
  return settings
}

const ANN = aUser()
const PASSWORD = aUser({ user_id: 'auth0|ann', created_at: '2024-01-01T00:00:00.000Z' })

/** An API that answers each path with a list, by default an empty one. Records the requests. */
function answering(lists: Record<string, object[]>, scopes?: string[]) {
  const asked: string[] = []
  const api: RightsCalls = {
    async call(method, path) {
      asked.push(`${method} ${decodeURIComponent(path)}`)
      return lists[decodeURIComponent(path).split('?')[0] ?? ''] ?? []
    },
    isGranted: async (needed) => scopes === undefined || needed.every((scope) => scopes.includes(scope)),
  }
  return { api, asked }
}

async function last(
  user: LinkingUser,
  others: LinkingUser[],
  secrets: Record<string, string> = {},
  { api } = answering({}),
) {
  const steps = await simulateLogin(user, [user, ...others], settingsWith(secrets), NOW, api)
  return steps.map(({ question, answer }) => `${question} ${answer}`)
}

const marked = (user: LinkingUser, marks: object) => ({ ...user, app_metadata: { [MARKS_KEY]: marks } })

describe('simulate', () => {
  it('runs every check up to the prompt', async () => {
    expect(await last(ANN, [PASSWORD])).toEqual([
      'Is the Action turned on? Yes: offer.',
      'Does it have a second factor? No.',
      'Does the account have a verified email address? Yes.',
      'Is the connection trusted? Yes: google-oauth2, google-oauth2.',
      'Is it kept from being linked? No.',
      'Does the Action look for other accounts? Yes.',
      'May auth0|ann be linked? Yes: auth0|ann would be the primary account.',
      'What becomes of what google-oauth2|1 holds? It holds nothing.',
      'Is an account offered? Yes: auth0|ann.',
      'What happens? The Action redirects the person to the service, which asks if it offers links at that time.',
    ])
  })

  it.each([
    ['Is the Action turned on? No: off.', ANN, { ACCOUNT_LINKING_MODE: 'of' }],
    ['Does the account have a verified email address? No: it has no address.', aUser({ email: '' }), {}],
    [
      'Does the account have a verified email address? No: it is not verified.',
      aUser({ email_verified: false }),
      {},
    ],
    ['Is the connection trusted? No: facebook', aUser({ user_id: 'facebook|1' }), {}],
    ['Is the connection trusted? No: none.', { ...ANN, identities: [] }, {}],
    [
      'Is it kept from being linked? Yes: restricted, by a key',
      aUser({ user_id: 'google-oauth2|1', app_metadata: { suspended: true } }),
      { ACCOUNT_LINKING_REFUSE_APP_METADATA_KEYS: 'suspended' },
    ],
  ])('ends with "%s"', async (words, user, secrets) => {
    const steps = await last(user, [PASSWORD], secrets)
    expect(steps.at(-1)).toContain(words)
    expect(steps.at(-1)).toContain('The login continues without a prompt.')
  })

  it('says that only the settings page links an account if either has a second factor', async () => {
    const factor = { multifactor: ['guardian'] }
    expect((await last({ ...ANN, ...factor }, [PASSWORD])).at(-1)).toContain('left to the page')
    const steps = await last(ANN, [{ ...PASSWORD, ...factor }])
    expect(steps.at(-2)).toMatch(/^May auth0\|ann be linked\? It has a second factor: .* left to the page/)
    expect(steps.at(-1)).toContain('Is an account offered? No.')
  })

  it('says that the Action has already looked for accounts', async () => {
    const looked = { until: NOW + 1, key: await lookupMarkHash(ANN, settingsWith({}).policy) }
    expect((await last(marked(ANN, { looked }), [PASSWORD])).at(-1)).toContain('already looked')
  })

  it('says why an account is not offered: refused or declined', async () => {
    const unverified = { ...PASSWORD, email_verified: false }
    expect(await last(ANN, [unverified])).toContain('May auth0|ann be linked? No: unverified.')
    const declined = async (until: number) =>
      last(marked(ANN, await addDeclines(ANN, [PASSWORD.user_id], { until, at: NOW })), [PASSWORD])
    expect(await declined(NEVER)).toContain('May auth0|ann be linked? Not now: declined permanently.')
    expect((await declined(NOW + 60)).at(-2)).toContain('declined until 2027-01-15T08:01:00.000Z')
    expect((await declined(NOW + 60)).at(-1)).toContain('Is an account offered? No.')
  })

  it('says that a link would be too large, or has to wait', async () => {
    const large = aUser({ user_metadata: { essay: 'x'.repeat(3_200) } })
    const steps = await last(large, [PASSWORD])
    expect(steps.at(-2)).toContain('May auth0|ann be linked? No: metadata_too_large. The metadata of')
    expect(steps.at(-1)).toContain('Is an account offered? No.')
    const busy = { ...PASSWORD, app_metadata: { account_linking_0123456789ab: aReturningSnapshot(NOW) } }
    expect((await last(ANN, [busy])).at(-2)).toContain('No: busy. One of them is still restoring metadata.')
    const long = aUser({ user_id: `auth0|${'x'.repeat(128)}`, created_at: '2024-01-01T00:00:00.000Z' })
    expect((await last(ANN, [long])).at(-2)).toContain('more than 128 characters')
  })

  const EDITOR = { id: 'rol_1', name: 'editor' }
  const OWNER = { id: 'rol_2', name: 'owner' }
  const ACME = { id: 'org_1', name: 'acme', display_name: 'Acme' }

  it('says which account stays because of its rights', async () => {
    const steps = await last(ANN, [PASSWORD], {}, answering({ '/users/google-oauth2|1/roles': [EDITOR] }))
    expect(steps).toContain('May auth0|ann be linked? Yes: google-oauth2|1 would be the primary account.')
  })

  it('says which rights that must not be lost would be lost', async () => {
    const rights = answering({ '/users/google-oauth2|1/roles': [EDITOR], '/users/auth0|ann/roles': [OWNER] })
    expect((await last(ANN, [PASSWORD], {}, rights)).slice(-2)).toEqual([
      'May auth0|ann be linked? No: roles_lost. auth0|ann lacks editor. google-oauth2|1 lacks owner.',
      'Is an account offered? No. The login continues without a prompt.',
    ])
  })

  it('says which rights would be carried over, lost, and held by both', async () => {
    const rights = answering({
      '/users/google-oauth2|1/roles': [EDITOR, OWNER],
      // The current account needs a role too: otherwise it would not stay, because the other one holds more.
      '/users/auth0|ann/roles': [OWNER, { id: 'rol_3', name: 'billing' }],
      '/users/google-oauth2|1/authentication-methods': [{ type: 'passkey' }],
      '/users/google-oauth2|1/organizations': [ACME],
      '/organizations/org_1/members/google-oauth2|1/roles': [OWNER],
      '/organizations/org_1/enabled_connections': [{ connection: { name: 'google-oauth2' } }],
    })
    const rules = { ROLES: 'carry', MEMBERSHIPS: 'carry', FACTORS: 'drop' }
    const secrets = Object.fromEntries(
      Object.entries({ ...rules, PRIMARY: 'auth0' }).map(([name, value]) => [
        `ACCOUNT_LINKING_${name}`,
        value,
      ]),
    )
    const steps = await last(ANN, [PASSWORD], secrets, rights)
    expect(steps.at(-3)).toBe(
      'What becomes of what google-oauth2|1 holds? Carried over: roles editor; memberships Acme, owner. Lost: factors passkey. Held by both: roles owner.',
    )
  })

  it('says that a link would be refused although it is offered', async () => {
    const rights = answering({
      '/users/google-oauth2|1/organizations': [ACME],
      '/users/auth0|ann/roles': [OWNER],
    })
    const secrets = { ACCOUNT_LINKING_MEMBERSHIPS: 'carry' }
    const steps = await last(ANN, [PASSWORD], secrets, rights)
    expect(steps.at(-3)).toBe(
      'What becomes of what google-oauth2|1 holds? The link would be refused: memberships_lost. No way to sign in leads into the organization. auth0|ann lacks Acme.',
    )
  })

  it('does not count rights that a failed attempt to link gave', async () => {
    const snapshot = {
      ...{ v: 2, at: NOW - 60, user_id: 'google-oauth2|1', proof: { way: 'login', client_id: 'a' } },
      kept: { user_metadata: {}, app_metadata: {} },
      rights: { given: { roles: ['rol_1'] }, dropped: {}, shared: {} },
    }
    const older = { ...PASSWORD, app_metadata: { [await snapshotKeyOf('google-oauth2|1')]: snapshot } }
    const rights = answering({
      '/users/google-oauth2|1/roles': [EDITOR],
      '/users/auth0|ann/roles': [EDITOR, OWNER],
    })
    expect((await last(ANN, [older], {}, rights)).at(-2)).toBe(
      'May auth0|ann be linked? No: roles_lost. auth0|ann lacks editor. google-oauth2|1 lacks owner.',
    )
  })

  it('says which rights cannot be read', async () => {
    const none = answering({}, ['read:users'])
    expect((await last(ANN, [PASSWORD], {}, none)).at(-3)).toContain(
      'Not readable, so lost: roles, memberships, factors.',
    )
    const steps = await last(ANN, [PASSWORD], { ACCOUNT_LINKING_ROLES: 'refuse' }, none)
    expect(steps.at(-2)).toContain('No: rights_unread. A scope is missing to read what they hold.')
  })

  it('reads no rights if there is no one to offer, and never writes', async () => {
    const rights = answering({})
    await last(ANN, [{ ...PASSWORD, email_verified: false }], {}, rights)
    expect(rights.asked).toEqual([])
    await last(ANN, [PASSWORD], {}, rights)
    expect(rights.asked.filter((call) => !call.startsWith('GET '))).toEqual([])
    expect(rights.asked.length).toBeGreaterThan(0)
  })

  it('says that the Action only logs a line in observe mode', async () => {
    const steps = await last(ANN, [PASSWORD], { ACCOUNT_LINKING_MODE: 'observe' })
    expect(steps.at(-1)).toContain('logs would_offer')
  })
})
