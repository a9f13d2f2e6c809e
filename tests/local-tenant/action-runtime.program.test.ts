import { copyFile, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { playActions } from '../support/action/play-actions'
import { TestBrowser } from '../support/browser/browser'
import { complete, signInByPassword, startLogin } from '../support/tenant/sign-in'
import { actionFixture, aTenant } from '../support/tenant/tenant'

const tenant = await aTenant({ actionTimeLimit: 2500 })
const { state } = tenant
const folder = await mkdtemp(join(tmpdir(), 'tenant-actions-'))

beforeEach(() => state.reset())
afterAll(() => rm(folder, { recursive: true }))

async function signIn() {
  const login = await startLogin(tenant)
  const visit = await signInByPassword(new TestBrowser(), login, 'ann@example.com')
  const error = visit.url.searchParams.get('error_description')
  return { error, claims: error === null ? (await complete(login, visit)).claims() : undefined }
}

describe('ActionRuntime', () => {
  it('keeps the state of a module between logins', async () => {
    playActions(tenant, ['stateful'])
    const first = Number((await signIn()).claims?.['https://example.com/runs'])
    expect((await signIn()).claims?.['https://example.com/runs']).toBe(first + 1)
  })

  it.each([
    ['takes too long', { WAIT: '5000' }, 'The Actions took longer than 2.5 seconds.'],
    ['ends its process', { EXIT: 'yes' }, 'The process of the Action ended.'],
  ])(
    'fails the login if an Action %s, and starts another process for the next login',
    async (_what, secrets, message) => {
      playActions(tenant, ['stateful'], secrets)
      expect((await signIn()).error).toBe(message)
      playActions(tenant, ['stateful'])
      expect((await signIn()).claims?.['https://example.com/runs']).toBe(1)
    },
  )

  it('counts the time of all Actions of a login together', async () => {
    playActions(tenant, ['stateful', 'stateful'], { WAIT: '1500' })
    expect((await signIn()).error).toBe('The Actions took longer than 2.5 seconds.')
  })

  it('reads an Action again if its file has changed', async () => {
    const file = join(folder, 'changing.js')
    const version = (text: string) =>
      `exports.onExecutePostLogin = async (event, api) => api.idToken.setCustomClaim('version', '${text}')`
    state.settings.actions.splice(0, Number.POSITIVE_INFINITY, file)
    state.startActions()
    await writeFile(file, version('first'))
    expect((await signIn()).claims?.version).toBe('first')
    await writeFile(file, version('second'))
    await utimes(file, new Date(), new Date(Date.now() + 5000))
    expect((await signIn()).claims?.version).toBe('second')
  })

  it('loads CommonJS inside a package of modules', async () => {
    const file = join(folder, 'action.js')
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
    await copyFile(actionFixture('stateful'), file)
    state.settings.actions.splice(0, Number.POSITIVE_INFINITY, file)
    state.startActions()
    expect((await signIn()).claims?.['https://example.com/runs']).toBe(1)
  })

  it('refuses an Action of more than 100 kB', async () => {
    const file = join(folder, 'large.js')
    await writeFile(file, `// ${'x'.repeat(100_000)}`)
    state.settings.actions.splice(0, Number.POSITIVE_INFINITY, file)
    state.startActions()
    expect((await signIn()).error).toContain('larger than 100 kB')
  })
})
