import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildAction } from '../../support/action/build'
import { TestBrowser } from '../../support/browser/browser'
import { commandsIn } from '../../support/operator/documented-commands'
import { OPERATOR_SCOPES, Operator } from '../../support/operator/operator'
import { endOf } from '../../support/process/end-of'
import { complete, signInByPassword, startLogin } from '../../support/tenant/sign-in'
import { aTenant } from '../../support/tenant/tenant'

/** The Deploy CLI compiles its schemas, which takes half a minute on a machine that also does other work. */
const TEST_TIMEOUT_MS = 180_000
const inRoot = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const tenant = await aTenant()
const { state } = tenant
const secretOf = (id: string) => state.clients.get(id)?.client_secret ?? ''

beforeAll(async () => {
  await buildAction()
  state.reset({ options: { management_scopes: { linking: OPERATOR_SCOPES } } })
})

/** Runs the `a0deploy import` of docs/provision.md on the folder `auth0/`. */
async function importFiles(): Promise<{ status: number | null; output: string }> {
  const [command] = commandsIn('docs/provision.md', 'npx a0deploy import')
  const host = new URL(tenant.canonicalOrigin).host
  const child = spawn(
    process.execPath,
    [inRoot('node_modules/auth0-deploy-cli/lib/index.js'), ...command.split(' ').slice(2)],
    {
      cwd: inRoot('.'),
      env: {
        NODE_ENV: 'test',
        NODE_EXTRA_CA_CERTS: tenant.caFile,
        AUTH0_DOMAIN: host,
        AUTH0_CLIENT_ID: 'linking',
        AUTH0_CLIENT_SECRET: secretOf('linking'),
        APP_BASE_URL: 'http://localhost:3999',
        MANAGEMENT_API_DOMAIN: host,
        MANAGEMENT_API_CLIENT_ID: 'linking-m2m',
        MANAGEMENT_API_CLIENT_SECRET: secretOf('linking-m2m'),
        SESSION_TOKEN_SHARED_SECRET: 'a-shared-secret-0123456789-abcdefghijkl',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  return endOf(child)
}

describe('a0deploy import', () => {
  let operator: Operator
  afterAll(() => operator.close())

  it(
    'creates from `auth0/` what provision recognizes as its own, and deploys an Action that runs at login',
    async () => {
      const { status, output } = await importFiles()
      expect([status, output]).toEqual([0, expect.stringContaining('Import Successful')])
      const login = await startLogin(tenant)
      await complete(login, await signInByPassword(new TestBrowser(), login, 'ann@example.com'))
      const line = state.actionLogs.at(-1)
      expect(line).toMatchObject({
        action: 'Account linking',
        line: expect.stringContaining('service_not_offering'),
      })

      operator = new Operator(tenant, {
        APP_BASE_URL: 'http://localhost:3999',
        AUTH0_PROVISION_CLIENT_ID: 'linking',
        AUTH0_PROVISION_CLIENT_SECRET: secretOf('linking'),
      })
      const plan = await operator.run('plan')
      expect(plan.output).toContain('+ variables of the service')
      expect(plan.output).not.toMatch(/[+~] (API|application|grant|post-login)|\+ Action/)
    },
    TEST_TIMEOUT_MS,
  )
})
