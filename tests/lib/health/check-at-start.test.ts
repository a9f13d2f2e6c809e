import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'

const output: string[] = []

beforeEach(() => {
  output.length = 0
  vi.resetModules()
  for (const name of ['log', 'error'] as const)
    vi.spyOn(console, name).mockImplementation((line: string) => void output.push(line))
})
afterEach(() => {
  vi.unstubAllEnvs()
})

async function start(environment: Record<string, string>) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
    throw new Error('exit')
  })
  const { config } = await import('@/lib/config/config')
  const { checkAtStart } = await import('@/lib/health/check-at-start')
  try {
    await checkAtStart(config)
  } catch (error) {
    if (!(error instanceof Error) || error.message !== 'exit') throw error
  }
  return exit.mock.calls
}

describe('checkAtStart', () => {
  it('ends the process and lists every problem if the environment is invalid', async () => {
    expect(await start({ ...APP_ENVIRONMENT, FLOW_SECRET: 'short-canary', OFFER: 'canary' })).toEqual([[1]])
    expect(output.join()).toContain('FLOW_SECRET')
    expect(output.join()).toContain('OFFER')
    expect(output.join()).not.toContain('canary')
  })

  it('ends the process and names each invalid sentence in MESSAGES_OVERRIDES', async () => {
    const MESSAGES_OVERRIDES = '{"en":{"buttons":{"later":"canary"},"effects":{"since":"{canary"}}}'
    expect(await start({ ...APP_ENVIRONMENT, MESSAGES_OVERRIDES })).toEqual([[1]])
    expect(output.join()).toContain('  MESSAGES_OVERRIDES en.buttons.later is no sentence')
    expect(output.join()).toContain('  MESSAGES_OVERRIDES en.effects.since is not valid ICU')
    expect(output.join()).not.toContain('canary')
  })

  it('prints one message if nothing is configured', async () => {
    for (const name of Object.keys(APP_ENVIRONMENT)) vi.stubEnv(name, undefined)
    expect(await start({})).toEqual([[1]])
    expect(output).toEqual([expect.stringMatching(/^Nothing is configured here\. Run npm run provision/)])
  })

  it('warns about each connection that is listed without its strategy', async () => {
    await start({
      ...APP_ENVIRONMENT,
      TRUSTED_CONNECTIONS: 'auth0 acme samlp:other',
      BLOCKED_CONNECTIONS: 'legacy',
      PRIMARY: 'acme,oldest',
      CONNECT_CONNECTIONS: 'github,acme-2',
    })
    const warnings = output.map((line) => JSON.parse(line)).filter(({ event }) => event !== 'started')
    expect(warnings.map(({ event, variable, name }) => [event, variable, name])).toEqual([
      ['connection_name_bare', 'TRUSTED_CONNECTIONS', 'acme'],
      ['connection_name_bare', 'PRIMARY', 'acme'],
      ['connection_name_bare', 'CONNECT_CONNECTIONS', 'acme-2'],
    ])
  })

  it('names an unreadable list entry', async () => {
    expect(await start({ ...APP_ENVIRONMENT, PROVISIONED_CONNECTIONS: 'okta,odic:acme' })).toEqual([[1]])
    expect(output.join()).toContain('PROVISIONED_CONNECTIONS has an entry that cannot be read: odic:acme.')
  })

  it.each([
    ['per instance', 'lost with this process', {}],
    ['shared', 'kept', { REDIS_URL: 'redis://:canary@localhost:6379' }],
  ])('logs that used tokens are remembered %s, and background work is %s', async (how, kept, environment) => {
    expect(await start({ ...APP_ENVIRONMENT, ...environment })).toEqual([])
    expect(JSON.parse(output[0] ?? '')).toMatchObject({
      event: 'started',
      replay_check: expect.stringContaining(how),
      background_work: expect.stringContaining(kept),
    })
    expect(output.join()).not.toContain('canary')
  })
})
