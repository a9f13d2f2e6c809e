import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { deploymentWarnings } from '@/local-tenant/actions/deployment-warnings'
import { scriptAction } from '../support/action/play-actions'
import { TestBrowser } from '../support/browser/browser'
import { administer } from '../support/tenant/management'
import { signInByPassword, startLogin } from '../support/tenant/sign-in'
import { aTenant } from '../support/tenant/tenant'

const tenant = await aTenant()
const { state } = tenant
beforeEach(() => state.reset())

const installed = JSON.parse(readFileSync('node_modules/auth0/package.json', 'utf8')).version

describe('deploymentWarnings', () => {
  it('finds nothing if the Action gets what it declares', () => {
    const dependencies = [
      { name: 'auth0', version: installed },
      { name: 'jose', version: 'latest' },
    ]
    expect(deploymentWarnings({ runtime: 'node22', dependencies }, '22.12.0')).toEqual([])
    expect(deploymentWarnings({ runtime: 'node18-actions', dependencies: [] }, '18.0.0')).toEqual([])
  })

  it('reports another Node.js, another version of a package, and a missing package', () => {
    const dependencies = [
      { name: 'auth0', version: '2.41.0' },
      { name: 'no-such-package', version: '1.0.0' },
    ]
    expect(deploymentWarnings({ runtime: 'node18', dependencies }, '22.12.0')).toEqual([
      'Its runtime is node18, but here it runs on Node.js 22.12.0.',
      `Its dependency auth0 is 2.41.0, but here it gets ${installed}.`,
      'Its dependency no-such-package 1.0.0 is not installed here.',
    ])
  })

  it('appear on the inspector and on standard error when an Action is deployed', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const call = (method: string, path: string, body?: unknown) =>
      administer(tenant, 'create:actions read:actions', method, `/actions/actions${path}`, body)
    const { body: action } = await call('POST', '', {
      name: 'Wants more',
      code: '',
      supported_triggers: [{ id: 'post-login' }],
      dependencies: [{ name: 'no-such-package', version: '1.0.0' }],
    })
    await call('GET', `/${action.id}`)
    expect((await call('POST', `/${action.id}/deploy`)).status).toBe(200)
    const line = 'Its dependency no-such-package 1.0.0 is not installed here.'
    expect(state.actionLogs).toContainEqual(expect.objectContaining({ action: 'Wants more', line }))
    expect(warn).toHaveBeenCalledWith(`Action "Wants more": ${line}`)
  })
})

describe('secrets of Actions that name an application', () => {
  it('resolve to its id and its secret, even if the application is created later', async () => {
    scriptAction(tenant, 'console.log(JSON.stringify(event.secrets))')
    Object.assign(state.settings.secrets, {
      OTHER_ID: { id_of: 'Later' },
      OTHER_SECRET: { secret_of: 'Later' },
      LINKING_SECRET: { secret_of: 'linking' },
    })
    const { body: later } = await administer(tenant, 'create:clients read:client_keys', 'POST', '/clients', {
      name: 'Later',
    })
    const login = await startLogin(tenant)
    await signInByPassword(new TestBrowser(), login, 'ann@example.com')
    expect(state.actionSecrets()).toMatchObject({
      OTHER_ID: later.client_id,
      OTHER_SECRET: later.client_secret,
      LINKING_SECRET: state.clients.get('linking')?.client_secret,
    })
    expect(state.actionLogs.length).toBeGreaterThan(0)
  })
})
