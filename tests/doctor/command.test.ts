import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Finding } from '@/doctor/catalogue'
import { OPERATOR_SCOPES, Operator } from '../support/operator'
import { aTenant } from '../support/tenant'

/** Runs of the commands, with others beside them. */
const LIMIT = 30_000
const tenant = await aTenant()
const { state } = tenant
/** Which no tenant calls itself, as long as this one has no custom hosts. */
const STRANGER = tenant.loginOrigin.replace('localhost', '127.0.0.1')
const READS = ['read:connections_options', 'read:users']

let operator: Operator
beforeAll(async () => {
  state.reset({ options: { management_scopes: { 'linking-m2m': [...OPERATOR_SCOPES, ...READS] } } })
  operator = new Operator(tenant, {
    APP_BASE_URL: 'http://localhost:9',
    AUTH0_DOMAIN: `${tenant.loginOrigin},${STRANGER}`,
    AUTH0_PROVISION_CLIENT_ID: 'linking-m2m',
    AUTH0_PROVISION_CLIENT_SECRET: state.clients.get('linking-m2m')?.client_secret ?? '',
  })
  const { status, output } = await operator.run('apply', '--yes')
  if (status !== 0) throw new Error(output)
}, LIMIT)
afterAll(() => operator.close())

const answer = (path: string, status: number, body: object) =>
  state.faults.push({
    rule: { match: { method: 'GET', path }, effect: { status, body } },
    seen: 0,
    played: 0,
  })

async function examine(...args: string[]) {
  const { status, output } = await operator.examine('--json', ...args)
  const { findings, logins }: { findings: Finding[]; logins: unknown[] } = JSON.parse(output)
  return { status, findings, logins, codes: findings.map(({ code }) => code) }
}

describe('npm run doctor', () => {
  it(
    'finds what the tenant knows of domains, connections and Rules, and nobody where there is nobody',
    async () => {
      answer('/scim-configuration$', 200, { connection_id: 'con' })
      const rules = [{ id: 'rul', name: 'auth0-account-link-extension', enabled: true }]
      answer('/rules$', 200, { start: 0, limit: 100, total: 1, rules })
      const { status, codes, findings, logins } = await examine('--user', 'auth0|nobody')
      expect([status, logins]).toEqual([2, []])
      expect(codes).toEqual([
        'login_domain_wrong',
        'scopes_optional_missing',
        'developer_keys',
        'developer_keys',
        'provisioned_unlisted',
        'service_unreachable',
        'leftover_rule',
      ])
      expect(findings[0]?.what).toContain(`${STRANGER}/.`)
      expect(findings[4]?.what).toContain('acme-saml')
    },
    LIMIT,
  )

  it(
    'goes on without what it may not read, and says so',
    async () => {
      state.faults.length = 0
      answer('/actions/actions', 403, { statusCode: 403, message: 'Insufficient scope: read:actions' })
      answer('/scim-configuration$', 403, {
        statusCode: 403,
        message: 'Insufficient scope: read:scim_config',
      })
      const { findings } = await examine()
      const unread = findings.filter(({ code }) => code === 'not_checked')
      expect(unread.map(({ what }) => what)).toEqual([
        'Not read: provisioning of "acme-saml". Insufficient scope: read:scim_config',
        'Not read: Actions. Insufficient scope: read:actions',
      ])
    },
    LIMIT,
  )
})
