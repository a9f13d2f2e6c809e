import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SignJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { main } from '@/operator/provision/main'
import { REQUIRED_SCOPES } from '@/operator/shared/scopes'

const KEY = new TextEncoder().encode('any-key-of-at-least-32-bytes-00000000')
/** An access token with the claims that the command reads. Only the tenant verifies it. */
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
    'prints its usage for %j',
    async (args) => {
      expect(await run({}, ...args)).toMatchObject({
        isDone: false,
        said: expect.stringContaining('npm run provision -- COMMAND'),
      })
    },
  )

  it('prints its usage for --help', async () => {
    expect(await run({}, '--help')).toMatchObject({
      isDone: true,
      said: expect.stringContaining('undoes the last apply'),
    })
  })

  it.each([
    ['missing_settings: Not set: AUTH0_PROVISION_CLIENT_ID, AUTH0_PROVISION_CLIENT_SECRET.', {}],
    [
      'bad_settings: AUTH0_DOMAIN must be a bare host',
      { AUTH0_DOMAIN: 'http://a/b', AUTH0_PROVISION_TOKEN: 'x' },
    ],
    [
      'not_authorized: AUTH0_PROVISION_TOKEN is not an access token.',
      { AUTH0_PROVISION_TOKEN: 'not-a-token' },
    ],
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

  it('names every missing scope, and does not repeat the token', async () => {
    const lacking = ['delete:clients', 'create:actions']
    const token = await tokenWith(REQUIRED_SCOPES.filter((scope) => !lacking.includes(scope)))
    const result = await run({ AUTH0_PROVISION_TOKEN: token }, 'plan')
    expect(result.said).toContain(
      'missing_scope: The token lacks these scopes: delete:clients create:actions.',
    )
    expect(result.said).not.toContain(token)
  })

  it('has nothing to roll back before an apply', async () => {
    const result = await run({ AUTH0_PROVISION_TOKEN: await tokenWith(REQUIRED_SCOPES) }, 'rollback')
    expect(result.said).toContain('nothing_to_roll_back')
  })
})
