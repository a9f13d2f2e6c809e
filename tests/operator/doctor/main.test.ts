import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { main } from '@/operator/doctor/main'
import { ENVIRONMENT } from './healthy'

let folder: string
let said: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'account-linking-doctor-'))
  said = []
  for (const stream of ['log', 'error'] as const)
    vi.spyOn(console, stream).mockImplementation((line) => void said.push(line))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function run(environment: Record<string, string>, ...args: string[]) {
  const file = join(folder, 'env')
  const lines = Object.entries(environment).map(([name, value]) => `${name}=${value}`)
  writeFileSync(file, lines.join('\n'))
  return { status: await main(['--env', file, ...args]), said: said.join('\n') }
}

describe('main', () => {
  it('names every wrong variable, and returns 2', async () => {
    const result = await run({ ...ENVIRONMENT, APP_BASE_URL: 'nowhere', FLOW_SECRET: 'short-secret' })
    expect(result.status).toBe(2)
    expect(result.said).toContain('environment_unusable: APP_BASE_URL must be an http(s) origin')
    expect(result.said).toContain('Fix: Set FLOW_SECRET in')
    expect(result.said).not.toContain('short-secret')
  })

  it('names every entry of MESSAGES_OVERRIDES that the service would refuse, and returns 2', async () => {
    const MESSAGES_OVERRIDES = '{"en":{"buttons":{"later":"canary"}},"xx":{}}'
    const result = await run({ ...ENVIRONMENT, MESSAGES_OVERRIDES })
    expect(result.status).toBe(2)
    expect(result.said).toContain('environment_unusable: MESSAGES_OVERRIDES en.buttons.later is no sentence')
    expect(result.said).toContain('environment_unusable: MESSAGES_OVERRIDES xx is no language')
    expect(result.said).not.toContain('canary')
  })

  it('prints the same findings as JSON', async () => {
    const { said } = await run({ ...ENVIRONMENT, APP_BASE_URL: 'nowhere' }, '--json')
    expect(JSON.parse(said).findings).toMatchObject([{ code: 'environment_unusable', severity: 'error' }])
  })

  it('returns 3 if the tenant does not answer', async () => {
    const local = { AUTH0_DOMAIN: 'http://localhost:9', AUTH0_MANAGEMENT_DOMAIN: 'localhost:9' }
    const result = await run({ ...ENVIRONMENT, ...local, APP_BASE_URL: 'http://localhost:9' })
    expect(result).toEqual({ status: 3, said: 'tenant_unreachable: localhost:9 did not answer.' })
  })

  it('prints its usage', async () => {
    expect(await run({}, '--help')).toMatchObject({ status: 0, said: expect.stringContaining('--json') })
  })
})
