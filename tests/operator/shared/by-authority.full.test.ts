import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Finding } from '@/operator/doctor/catalogue'
import { OPERATOR_SCOPES, Operator } from '../../support/operator/operator'
import { aTenant } from '../../support/tenant/tenant'

/** Long enough for the commands to finish while other tests run. */
const TEST_TIMEOUT_MS = 30_000
const tenant = await aTenant()
const { state } = tenant

/** Everything that the command may change at the tenant. */
const everything = () =>
  structuredClone([
    ...[state.clients, state.clientGrants, state.resourceServers],
    ...[state.connections, state.actions, state.bindings],
  ])

beforeEach(() =>
  state.reset({
    connections: [{ name: 'google-oauth2', strategy: 'google-oauth2', clients: ['demo-other'] }],
    options: { management_scopes: { 'linking-m2m': OPERATOR_SCOPES } },
  }),
)

describe('npm run provision', () => {
  it.each([
    [
      { LINKING_AUTHORITY: 'linking-client' },
      ['settings', 'proof', 'management'],
      ['proof', 'management'],
      true,
    ],
    [
      { LINKING_AUTHORITY: 'user', CONNECT_CONNECTIONS: 'google-oauth2,github' },
      ['proof', 'management'],
      ['management'],
      false,
    ],
  ])(
    'sets up what another linking authority needs, %j, and rolls it back',
    async (authority, purposes, callers, hasApi) => {
      const before = everything()
      const operator = new Operator(tenant, {
        APP_BASE_URL: 'http://localhost:3999',
        AUTH0_PROVISION_CLIENT_ID: 'linking-m2m',
        AUTH0_PROVISION_CLIENT_SECRET: state.clients.get('linking-m2m')?.client_secret ?? '',
        ...authority,
      })
      onTestFinished(() => operator.close())
      const { status, output } = await operator.run('apply', '--yes')
      expect([status, output]).toEqual([0, expect.stringContaining('Done. Start the service')])
      expect(operator.env()).toMatchObject(authority)
      const purposeOf = new Map(
        [...state.clients].map(([id, client]) => [id, client.client_metadata.account_linking_part]),
      )
      expect([...purposeOf.values()].filter(Boolean)).toEqual(purposes)
      const callersNow = state.clientGrants
        .map(({ client_id: id }) => purposeOf.get(id ?? ''))
        .filter(Boolean)
      expect(callersNow.sort()).toEqual([...callers].sort())
      const apis = state.resourceServers.map(({ identifier }) => identifier)
      expect(apis.includes('http://localhost:3999/api')).toBe(hasApi)
      expect((await operator.run('plan')).output).toContain('Nothing to do.')

      const examined: { findings: Finding[] } = JSON.parse((await operator.examine('--json')).output)
      const errors = examined.findings.flatMap(({ severity, code }) => (severity === 'error' ? [code] : []))
      expect(errors).toEqual(['service_unreachable'])
      await operator.run('rollback', '--yes')
      expect(everything()).toEqual(before)
    },
    TEST_TIMEOUT_MS,
  )
})
