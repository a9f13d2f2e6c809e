import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Finding } from '@/operator/doctor/catalogue'
import { playActions } from '../../support/action/play-actions'
import { DOCTOR_SCOPES, OPERATOR_SCOPES, Operator } from '../../support/operator/operator'
import { aTenant } from '../../support/tenant/tenant'

/** Long enough for the commands to finish while other tests run. */
const TEST_TIMEOUT_MS = 60_000
const tenant = await aTenant()
const { state } = tenant

let operator: Operator
beforeEach(() => {
  playActions(tenant, [])
  state.reset({
    connections: [
      { name: 'Username-Password-Authentication', strategy: 'auth0' },
      { name: 'acme-saml', strategy: 'samlp' },
      { name: 'acme-apps', strategy: 'google-apps' },
    ],
    options: { management_scopes: { 'linking-m2m': [...OPERATOR_SCOPES, ...DOCTOR_SCOPES] } },
  })
  operator = new Operator(tenant, {
    APP_BASE_URL: 'http://localhost:9',
    AUTH0_PROVISION_CLIENT_ID: 'linking-m2m',
    AUTH0_PROVISION_CLIENT_SECRET: state.clients.get('linking-m2m')?.client_secret ?? '',
  })
})
afterEach(() => operator.close())

const apply = () => operator.run('apply', '--yes')
const findings = async (): Promise<Finding[]> =>
  JSON.parse((await operator.examine('--json')).output).findings
const bound = () => state.bindings.map(({ display_name: name }) => name)

/** Our grant, after an apply. */
function ourGrant() {
  const ours = [...state.clients.values()].find(
    ({ client_metadata: metadata }) => metadata.account_linking_part === 'management',
  )
  const grant = state.clientGrants.find(({ client_id: id }) => id === ours?.client_id)
  if (!grant) throw new Error('nothing was applied')
  return grant
}

function refuse(path: string, body: object): void {
  const effect = { status: 403, body: { statusCode: 403, error: 'Forbidden', ...body } }
  state.faults.push({ rule: { match: { path }, effect }, seen: 0, played: 0 })
}

describe('npm run provision -- apply', () => {
  it(
    'waits for slow builds and deployments, and binds a deployed version',
    async () => {
      state.changeOptions({
        action_states: { build: ['building', 'built'], deployment: ['building', 'retrying', 'built'] },
      })
      expect(await apply()).toMatchObject({ status: 0 })
      expect(bound()).toEqual(['Account linking'])
      expect(await findings()).not.toContainEqual(expect.objectContaining({ code: 'action_not_deployed' }))
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'reports a failed build or deployment, binds nothing, and continues later',
    async () => {
      state.changeOptions({ action_states: { build: ['building', 'failed'] } })
      expect(await apply()).toMatchObject({ status: 1, output: expect.stringContaining('build_failed') })
      state.changeOptions({ action_states: { build: ['built'], deployment: ['building', 'failed'] } })
      expect(await apply()).toMatchObject({ status: 1, output: expect.stringContaining('deployment_failed') })
      expect(bound()).toEqual([])
      state.changeOptions({ action_states: { deployment: ['built'] } })
      expect(await apply()).toMatchObject({ status: 0 })
      expect(bound()).toEqual(['Account linking'])
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'leaves a grant for users as it is, whichever is listed first, and restores the scopes of its own grant',
    async () => {
      await apply()
      const grant = ourGrant()
      const people = {
        ...grant,
        id: 'cgr_people',
        subject_type: 'user' as const,
        scope: ['read:current_user'],
      }
      state.clientGrants.unshift(people)
      expect((await operator.run('plan')).output).toContain('Nothing to do.')
      grant.scope = ['read:users']
      expect(await apply()).toMatchObject({ status: 0 })
      expect(grant.scope).toContain('update:users')
      expect(people.scope).toEqual(['read:current_user'])
      await operator.run('rollback', '--yes')
      expect([grant.scope, people.scope]).toEqual([['read:users'], ['read:current_user']])
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'accepts a grant of every scope, and so does the doctor',
    async () => {
      await apply()
      const grant = ourGrant()
      delete grant.scope
      grant.allow_all_scopes = true
      expect((await operator.run('plan')).output).toContain('Nothing to do.')
      expect((await findings()).map(({ code }) => code)).not.toContain('scopes_missing')
      await operator.run('rollback', '--yes')
      expect(state.clientGrants.map(({ client_id: id }) => id)).toEqual(['linking', 'linking-m2m'])
    },
    TEST_TIMEOUT_MS,
  )
})

describe('npm run doctor', () => {
  it(
    'tells a removed feature, and one outside the plan, from a missing scope',
    async () => {
      await apply()
      state.changeOptions({ rules: 'gone' })
      refuse('scim-configuration', {
        message: 'Please upgrade your subscription to use SCIM.',
        errorCode: 'insufficient_scope',
      })
      refuse('directory-provisioning', {
        message: 'The inbound directory provisioning feature is not enabled for this tenant',
      })
      const unread = (await findings()).filter(({ code }) => code === 'not_checked')
      expect(unread.map(({ what, fix }) => [what, fix])).toEqual([
        [expect.stringContaining('provisioning of "acme-saml"'), expect.stringContaining('plan')],
        [expect.stringContaining('provisioning of "acme-apps"'), expect.stringContaining('plan')],
        [
          'Not read: Rules. Insufficient privileges to use this deprecated feature.',
          expect.stringContaining('no longer has this feature'),
        ],
      ])
      expect(unread.map(({ fix }) => fix).join()).not.toContain('this scope')
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'finds an application that names no algorithm',
    async () => {
      await apply()
      for (const { settings = {} } of state.clients.values()) delete settings.jwt_configuration
      const found = (await findings()).filter(({ code }) => code === 'id_token_algorithm')
      expect(found.map(({ what }) => what)).toEqual([
        expect.stringContaining('HS256'),
        expect.stringContaining('HS256'),
      ])
    },
    TEST_TIMEOUT_MS,
  )
})
