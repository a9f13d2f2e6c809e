import { readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { raw } from 'jq-wasm'
import { afterAll, describe, expect, it } from 'vitest'
import { snapshotKeyOf } from '@/core'
import { parseConfig } from '@/lib/config/config'
import { fingerprint } from '@/lib/observability/log'
import { Clone } from '../support/operator/clone'
import { blocksOf, commandsIn, commandsOf, documents } from '../support/operator/documented-commands'
import { APP_ENVIRONMENT } from '../support/process/app-environment'

const clone = new Clone()
afterAll(() => clone.remove())
const typed = async (command: string) => (await clone.type(command)).out.trim()

describe('docs/operate.md', () => {
  it('makes secrets that the service accepts', async () => {
    const [command, ...more] = commandsIn('docs/operate.md', 'openssl rand')
    expect(new Set(more)).toEqual(new Set([command]))
    const [shared = '', flow = '', session = ''] = await Promise.all([1, 2, 3].map(() => typed(command)))
    const env = { SESSION_TOKEN_SHARED_SECRET: shared, FLOW_SECRET: flow, AUTH0_SECRET: session }
    expect(parseConfig({ ...APP_ENVIRONMENT, ...env })).toHaveProperty('config')
    expect(Buffer.from(shared, 'base64')).toHaveLength(32)
  })
})

describe('the blocks of environment variables', () => {
  const blocks = documents().flatMap(({ path, text }) =>
    blocksOf(text, 'ini').map((block) => ({ path, block })),
  )

  it('exist', () => {
    expect(blocks.map(({ path }) => path)).toContain('docs/operate.md')
  })

  it.each(blocks)('in $path are accepted by the service', ({ block }) => {
    const isSecure = { APP_BASE_URL: 'https://accounts.example.com' }
    expect(parseConfig({ ...APP_ENVIRONMENT, ...isSecure, ...parseEnv(block) })).toHaveProperty('config')
  })
})

describe('docs/events.md', () => {
  it('makes a key and a token for events that the service accepts', async () => {
    const [key] = commandsIn('docs/events.md', 'echo')
    const [token] = commandsIn('docs/events.md', 'openssl rand')
    const env = { EVENTS_WEBHOOK_SECRET: await typed(key), ACTION_EVENTS_SECRET: await typed(token) }
    const webhook = { EVENTS_WEBHOOK_URL: 'https://example.com/hook' }
    expect(parseConfig({ ...APP_ENVIRONMENT, ...webhook, ...env })).toHaveProperty('config')
  })
})

describe('docs/operate.md', () => {
  it('computes the hash by which the log names a user', async () => {
    const [command] = commandsIn('docs/operate.md', 'printf')
    expect(await typed(command)).toBe(fingerprint('auth0|123'))
  })
})

describe('docs/operate.md', () => {
  it('computes the share of responses under /link that were fast and no server error', async () => {
    const [command] = commandsIn('docs/operate.md', 'awk')
    const line = (path: string, status: number, seconds: number) =>
      `10.0.0.1 [2026-11-30T09:00:00+00:00] GET ${path} ${status} 512 ${seconds.toFixed(3)} 127.0.0.1:3000 AB23CD45`
    const lines = [
      line('/link', 303, 0.02),
      line('/link/prompt', 200, 1),
      line('/link/callback', 303, 1.2),
      line('/link/finish', 503, 0.1),
      line('/healthz', 200, 9),
    ]
    const file = join(tmpdir(), `account-linking-${process.pid}.log`)
    writeFileSync(file, `${lines.join('\n')}\n`)
    expect(await typed(command.replace('/var/log/nginx/account-linking.log', file))).toBe('0.5 of 4')
  })

  it('reads the fields that nginx.conf writes', () => {
    const [, format = ''] =
      /log_format without_query '([^']+)'/.exec(readFileSync('docs/nginx.conf', 'utf8')) ?? []
    const fields = format.split(' ')
    expect([fields[3], fields[4], fields[6]]).toEqual(['$uri', '$status', '$request_time'])
  })
})

describe('docs/migrate/rules.md', () => {
  const commands = commandsOf(readFileSync('docs/migrate/rules.md', 'utf8'))
  const filters = commands.flatMap((command) => {
    const [, filter] = /^gunzip -c users\.json\.gz \| jq -c '([^']+)'$/.exec(command) ?? []
    return filter ?? []
  })
  const identity = (provider: string, isVerified?: boolean) => ({
    provider,
    ...(isVerified !== undefined && { profileData: { email_verified: isVerified } }),
  })
  const usersWith = (snapshot: string) => [
    { user_id: 'alone', identities: [identity('auth0')] },
    { user_id: 'unconfirmed', identities: [identity('auth0'), identity('github', false)] },
    {
      user_id: 'unknown',
      identities: [identity('auth0'), identity('github')],
      app_metadata: { plan: 'free' },
    },
    {
      user_id: 'ours',
      identities: [identity('auth0'), identity('google-oauth2', true)],
      app_metadata: { [snapshot]: {} },
    },
  ]

  it.each([
    ['all linked accounts', 0, ['unconfirmed', 'unknown', 'ours']],
    ['those with an identity whose address was never confirmed', 1, ['unconfirmed', 'unknown']],
    ['those without a snapshot', 2, ['unconfirmed', 'unknown']],
  ])('finds %s', async (_what, index, found) => {
    expect(filters).toHaveLength(3)
    const users = usersWith(await snapshotKeyOf('google-oauth2|1'))
    const printed = await raw(users.map((user) => JSON.stringify(user)).join('\n'), filters[index] ?? '', [
      '-c',
    ])
    expect(printed.split('\n').map((line) => [JSON.parse(line)].flat()[0])).toEqual(found)
  })
})
