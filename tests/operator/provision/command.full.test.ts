import { readdirSync, statSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { playActions } from '../../support/action/play-actions'
import { OPERATOR_SCOPES, Operator } from '../../support/operator/operator'
import { aTenant } from '../../support/tenant/tenant'

const APP = 'http://localhost:3999'
/** Long enough for the command to finish while other tests run. */
const TEST_TIMEOUT_MS = 30_000
const tenant = await aTenant()
const { state } = tenant

const grant = (scopes: string[]) => ({ management_scopes: { 'linking-m2m': scopes } })
const operatorSecret = () => state.clients.get('linking-m2m')?.client_secret ?? ''
/** Everything that the command may change at the tenant. */
const everything = () =>
  structuredClone([
    ...[state.clients, state.clientGrants, state.resourceServers],
    ...[state.connections, state.actions, state.bindings],
  ])
const changes = () => state.ledger.filter(({ effect }) => effect !== null)

/** Puts another operator's Action last in the trigger. */
function bindMeanwhile(): void {
  const [other] = state.actions.values()
  if (!other) throw new Error('there is no Action to begin with')
  state.actions.set('meanwhile', { ...other, id: 'meanwhile', name: 'Meanwhile' })
  const created_at = new Date().toISOString()
  state.bindings.push({ id: 'meanwhile', action_id: 'meanwhile', display_name: 'Meanwhile', created_at })
}

let operator: Operator
const operators: Operator[] = []
function anOperator(environment: Record<string, string> = {}): Operator {
  const made = new Operator(tenant, {
    APP_BASE_URL: APP,
    AUTH0_PROVISION_CLIENT_ID: 'linking-m2m',
    AUTH0_PROVISION_CLIENT_SECRET: operatorSecret(),
    ...environment,
  })
  operators.push(made)
  return made
}
beforeEach(() => {
  playActions(tenant, ['second'])
  state.reset({
    connections: [
      { name: 'Username-Password-Authentication', strategy: 'auth0', clients: ['demo-other'] },
      { name: 'google-oauth2', strategy: 'google-oauth2', clients: ['demo-other'] },
      { name: 'acme-saml', strategy: 'samlp', clients: ['demo-other'] },
    ],
    options: grant(OPERATOR_SCOPES),
  })
  operator = anOperator()
})
afterEach(() => {
  for (const each of operators.splice(0)) each.close()
})

describe('npm run provision', () => {
  it(
    'plans without a change, applies, has nothing left to do, and rolls everything back',
    async () => {
      const before = everything()
      const plan = await operator.run('plan')
      expect(plan.status).toBe(0)
      expect(plan.output).toContain('+ application "Account linking: proof of the other account"')
      expect(plan.output).toContain('comes last, after "second"')
      expect([changes(), readdirSync(operator.folder)]).toEqual([[], []])

      const apply = await operator.run('apply', '--yes')
      expect([apply.status, apply.output]).toEqual([0, expect.stringContaining('Done. Start the service')])
      const made = [...state.clients.values()].filter(({ client_metadata: m }) => m.account_linking_part)
      expect(made.map(({ client_metadata: metadata }) => metadata.account_linking_part)).toEqual([
        'settings',
        'proof',
        'management',
      ])
      const [settings = '', proof = ''] = made.map(({ client_id: id }) => id)
      expect(state.connections.map(({ clients }) => clients)).toEqual([
        ['demo-other', settings, proof],
        ['demo-other', settings, proof],
        ['demo-other'],
      ])
      expect(state.bindings.map(({ display_name: name }) => name)).toEqual(['second', 'Account linking'])
      const api = state.resourceServers.find(({ identifier }) => identifier === `${APP}/api`)
      expect(api).toMatchObject({
        signing_alg: 'RS256',
        scopes: [{ value: 'read:sign_in_methods' }],
        skip_consent_for_verifiable_first_party_clients: true,
      })

      const again = await operator.run('plan')
      expect(again.output).toContain('Nothing to do.')
      const rollback = await operator.run('rollback', '--yes')
      expect([rollback.status, rollback.output]).toEqual([0, expect.stringContaining('Rolled back.')])
      expect(everything()).toEqual(before)
      expect(operator.has('.env.local')).toBe(false)
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'names the scope that an event stream needs, makes the stream, and removes it at a rollback',
    async () => {
      const token = 'auth0-events-secret-0123456789abcdefg'
      operator.write('.env.local', `AUTH0_EVENTS_SECRET=${token}\n`)
      const refused = await operator.run('plan')
      expect([refused.status, refused.output]).toEqual([1, expect.stringContaining('read:event_streams')])

      const streams = ['read:event_streams', 'create:event_streams', 'delete:event_streams']
      state.changeOptions(grant([...OPERATOR_SCOPES, ...streams]))
      const apply = await operator.run('apply', '--yes')
      expect([apply.status, apply.output]).toEqual([0, expect.stringContaining('Done.')])
      expect(state.eventStreams).toMatchObject([
        {
          status: 'enabled',
          subscriptions: [{ event_type: 'user.updated' }, { event_type: 'user.deleted' }],
          destination: {
            configuration: {
              webhook_endpoint: `${APP}/auth0-events`,
              webhook_authorization: { method: 'bearer', token },
            },
          },
        },
      ])
      expect(apply.output).not.toContain(token)
      expect((await operator.run('plan')).output).toContain('Nothing to do.')
      await operator.run('rollback', '--yes')
      expect(state.eventStreams).toEqual([])
      expect(operator.env().AUTH0_EVENTS_SECRET).toBe(token)
    },
    2 * TEST_TIMEOUT_MS,
  )

  it(
    'writes lists as strategy:connection, and enables no connection that is only named like a provider',
    async () => {
      state.reset({
        connections: [
          { name: 'Username-Password-Authentication', strategy: 'auth0', clients: [] },
          { name: 'acme-saml', strategy: 'samlp', clients: [] },
          { name: 'github', strategy: 'oidc', clients: [] },
        ],
        options: grant(OPERATOR_SCOPES),
      })
      const lists = 'TRUSTED_CONNECTIONS="auth0 github, acme-saml"\nBLOCKED_CONNECTIONS=acme-old\n'
      operator.write('.env.local', `# mine\n${lists}`)
      const named = anOperator({ ACCOUNT_LINKING_PRIMARY: 'acme-saml' })
      named.write('.env.local', lists)
      const plan = await operator.run('plan')
      expect(plan.output).toContain('TRUSTED_CONNECTIONS')
      expect(plan.output).not.toContain('connection github')
      expect(operator.env().TRUSTED_CONNECTIONS).toBe('auth0 github, acme-saml')

      const apply = await operator.run('apply', '--yes')
      expect([apply.status, apply.output]).toEqual([0, expect.stringContaining('Done.')])
      expect(operator.env()).toMatchObject({
        TRUSTED_CONNECTIONS: 'auth0,github,samlp:acme-saml',
        BLOCKED_CONNECTIONS: 'acme-old',
      })
      const [, , oidc] = state.connections
      expect(state.connections.map(({ clients }) => clients?.length)).toEqual([2, 2, 0])
      expect(oidc?.name).toBe('github')
      const secretsOf = () =>
        Object.fromEntries(
          [...state.actions.values()]
            .filter(({ name }) => name === 'Account linking')
            .flatMap(({ secrets }) => secrets.map(({ name, value }) => [name, value])),
        )
      expect(secretsOf()).toMatchObject({
        ACCOUNT_LINKING_TRUSTED_CONNECTIONS: 'auth0,github,samlp:acme-saml',
        ACCOUNT_LINKING_BLOCKED_CONNECTIONS: 'acme-old',
      })
      expect((await operator.run('plan')).output).toContain('Nothing to do.')
      await operator.run('rollback', '--yes')
      expect(operator.read('.env.local')).toContain('TRUSTED_CONNECTIONS="auth0,github,samlp:acme-saml"')

      expect((await named.run('apply', '--yes')).status).toBe(0)
      expect(secretsOf()).toMatchObject({ ACCOUNT_LINKING_PRIMARY: 'samlp:acme-saml' })
      expect((await named.run('plan')).output).toContain('Nothing to do.')
    },
    2 * TEST_TIMEOUT_MS,
  )

  it(
    'keeps secrets in files that only their owner can read, and prints none of them',
    async () => {
      operator.write('.env.local', '# mine\nREDIS_URL=rediss://:redis-password@redis.example.com:6379\n')
      await operator.run('apply', '--yes', '--vercel')
      await operator.run('plan')
      await operator.run('rotate', '--yes')
      const env = operator.env()
      expect(operator.read('.env.local')).toMatch(/^# mine\nREDIS_URL=/)
      expect(env).toMatchObject({
        APP_BASE_URL: APP,
        AUTH0_DOMAIN: tenant.loginOrigin,
        LINKING_CLIENT_SECRET: state.clients.get(env.LINKING_CLIENT_ID ?? '')?.client_secret,
      })
      const stateFile = `.account-linking/${readdirSync(operator.path('.account-linking'))[0]}`
      const vercel = '.vercel/account-linking/SESSION_TOKEN_SHARED_SECRET'
      for (const file of ['.env.local', stateFile, vercel])
        expect((statSync(operator.path(file)).mode & 0o777).toString(8), file).toBe('600')

      const secrets = Object.entries(env).flatMap(([name, value]) => (/SECRET/.test(name) ? [value] : []))
      expect(secrets).toHaveLength(7)
      const kept = operator.read(stateFile)
      for (const secret of [...secrets, operatorSecret(), 'redis-password', 'eyJ']) {
        expect(operator.printed).not.toContain(secret)
        expect(kept).not.toContain(secret)
      }
      expect(JSON.stringify(state.ledger)).not.toContain(env.SESSION_TOKEN_SHARED_SECRET_PREVIOUS)
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'continues after an interruption, and one rollback undoes both parts, but not an Action that others bound',
    async () => {
      const before = everything()
      state.faults.push({
        rule: {
          match: { method: 'POST', path: '/actions/actions$' },
          effect: { status: 400, body: { statusCode: 400, message: 'Out of order' } },
          times: 1,
        },
        seen: 0,
        played: 0,
      })
      const interrupted = await operator.run('apply', '--yes')
      expect([interrupted.status, interrupted.output]).toEqual([
        1,
        expect.stringContaining('management_failed: The Management API answered 400: Out of order'),
      ])
      const second = await operator.run('apply', '--yes')
      expect(second.output).toContain('1/2 + Action "Account linking"')
      expect(second.status).toBe(0)
      bindMeanwhile()
      await operator.run('rollback', '--yes')
      expect(state.bindings.pop()?.display_name).toBe('Meanwhile')
      state.actions.delete('meanwhile')
      expect(everything()).toEqual(before)
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'applies a change, and rolls back to the earlier version',
    async () => {
      await operator.run('apply', '--yes')
      const action = [...state.actions.values()].find(({ name }) => name === 'Account linking')
      const proof = [...state.clients.values()].find(
        ({ client_metadata: metadata }) => metadata.account_linking_part === 'proof',
      )
      if (!action || !proof) throw new Error('nothing was applied')
      proof.grant_types = ['authorization_code', 'refresh_token']
      const env = operator.read('.env.local')
      const bearer = 'a1'.repeat(20)
      operator.write(
        '.env.local',
        `${env}ACCOUNT_LINKING_MODE=observe\nPRIMARY=auth0\nACTION_EVENTS_SECRET=${bearer}\n`,
      )
      const first = action.deployed?.secrets.map(({ name }) => name)

      const { output } = await operator.run('apply', '--yes')
      expect(output).toContain('~ Action "Account linking": secrets; deployed again')
      expect(proof.grant_types).toEqual(['authorization_code'])
      const further = action.deployed?.secrets.slice(first?.length).map(({ name, value }) => [name, value])
      expect(Object.fromEntries(further ?? [])).toEqual({
        ACCOUNT_LINKING_MODE: 'observe',
        ACCOUNT_LINKING_PRIMARY: 'auth0',
        EVENTS_WEBHOOK_URL: `${APP}/events`,
        EVENTS_WEBHOOK_SECRET: bearer,
      })
      expect(operator.printed).not.toContain(bearer)
      operator.write('.env.local', env)
      expect((await operator.run('plan')).output).toContain('Nothing to do.')
      await operator.run('rollback', '--yes')
      expect(proof.grant_types).toEqual(['authorization_code', 'refresh_token'])
      expect(action.deployed).toMatchObject({ number: 3 })
      expect(action.deployed?.secrets.map(({ name }) => name)).toEqual(first)
    },
    TEST_TIMEOUT_MS,
  )

  it.each<[string, string[], () => Operator]>([
    [
      'bad_settings: AUTH0_DOMAIN: no tenant answers at http://127.0.0.1:',
      ['plan'],
      () => anOperator({ AUTH0_DOMAIN: tenant.loginOrigin.replace('localhost', '127.0.0.1') }),
    ],
    ['confirmation_needed', ['apply'], () => anOperator()],
    ['not_authorized', ['plan'], () => anOperator({ AUTH0_PROVISION_CLIENT_SECRET: 'wrong' })],
    [
      'conflict: There is an application "Account linking: Management API"',
      ['apply', '--yes'],
      () => {
        const theirs = state.clients.get('demo-other')
        if (theirs) theirs.name = 'Account linking: Management API'
        return anOperator()
      },
    ],
    ['not_provisioned', ['rotate', '--yes'], () => anOperator()],
  ])(
    'says %s and changes nothing',
    async (message, command, prepare) => {
      const { status, output } = await prepare().run(...command)
      expect(output).toContain(message)
      expect([status, changes()]).toEqual([1, []])
    },
    TEST_TIMEOUT_MS,
  )
})
