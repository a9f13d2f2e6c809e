import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { main } from '@/operator/provision/main'
import { REQUIRED_SCOPES } from '@/operator/shared/scopes'

const KEY = new TextEncoder().encode('any-key-of-at-least-32-bytes-00000000')
/** An access token, as far as it is read here: it is the tenant that verifies it. */
const tokenWith = (scopes: string[]) =>
  new SignJWT({ scope: scopes.join(' ') }).setProtectedHeader({ alg: 'HS256' }).sign(KEY)

let folder: string
let said: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'account-linking-main-'))
  said = []
  for (const stream of ['log', 'error'] as const)
    vi.spyOn(console, stream).mockImplementation((line) => void said.push(line))
  vi.stubEnv('AUTH0_DOMAIN', 'http://localhost:9')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

const run = async (environment: Record<string, string>, ...args: string[]) => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const isDone = await main([...args, '--yes', '--env', join(folder, '.env.local')])
  return { isDone, said: said.join('\n') }
}

describe('main', () => {
  it.each([[[]], [['applly']], [['plan', 'apply']], [['toString']]])(
    'says how it is used for %j',
    async (args) => {
      expect(await run({}, ...args)).toMatchObject({
        isDone: false,
        said: expect.stringContaining('npm run provision -- COMMAND'),
      })
    },
  )

  it('says how it is used where it is asked to', async () => {
    expect(await run({}, '--help')).toMatchObject({
      isDone: true,
      said: expect.stringContaining('takes the last apply back'),
    })
  })

  it.each([
    ['missing_settings: Not set: AUTH0_PROVISION_CLIENT_ID, AUTH0_PROVISION_CLIENT_SECRET.', {}],
    [
      'bad_settings: AUTH0_DOMAIN must be a bare host',
      { AUTH0_DOMAIN: 'http://a/b', AUTH0_PROVISION_TOKEN: 'x' },
    ],
    ['not_authorized: AUTH0_PROVISION_TOKEN is no access token.', { AUTH0_PROVISION_TOKEN: 'not-a-token' }],
    [
      'tenant_unreachable: localhost:9 did not answer.',
      { AUTH0_PROVISION_CLIENT_ID: 'me', AUTH0_PROVISION_CLIENT_SECRET: 'my-secret' },
    ],
  ])('says %s', async (message, environment) => {
    expect(await run(environment, 'plan')).toMatchObject({
      isDone: false,
      said: expect.stringContaining(message),
    })
  })

  it('names every scope that the token lacks, and does not repeat the token', async () => {
    const lacking = ['delete:clients', 'create:actions']
    const token = await tokenWith(REQUIRED_SCOPES.filter((scope) => !lacking.includes(scope)))
    const result = await run({ AUTH0_PROVISION_TOKEN: token }, 'plan')
    expect(result.said).toContain('missing_scope: The token is not granted: delete:clients create:actions.')
    expect(result.said).not.toContain(token)
  })

  it('has nothing to take back where nothing was applied', async () => {
    const result = await run({ AUTH0_PROVISION_TOKEN: await tokenWith(REQUIRED_SCOPES) }, 'rollback')
    expect(result.said).toContain('nothing_to_roll_back')
  })
})
