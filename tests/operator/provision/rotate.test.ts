import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ApplyContext } from '@/operator/provision/apply'
import { rotate } from '@/operator/provision/rotate'
import type { Variables } from '@/operator/shared/env-file'
import { readEnvFile } from '@/operator/shared/env-file'
import { fingerprint } from '@/operator/shared/fingerprint'
import { ProvisionJournal } from '@/operator/shared/journal'
import type { Tenant } from '@/operator/shared/tenant'
import { applied, DESIRED } from '../shared/a-tenant'

const OLD = 'the-secret-before-0123456789-abcdefghij'
const NOW = new Date('2026-11-24T12:00:00.000Z')
const LATER = new Date('2026-11-24T13:00:00.000Z')

let folder: string
let calls: unknown[]
/** The running service's answer to each secret it receives. */
let answers: (secretIndex: number) => string
let work: ApplyContext
const env = () => readEnvFile(join(folder, '.env.local'))
const step = (now = NOW) => rotate(work, 'tenant.example.com', now)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'account-linking-rotate-'))
  const envFile = join(folder, '.env.local')
  writeFileSync(envFile, `APP_BASE_URL=https://app.example.com\nSESSION_TOKEN_SHARED_SECRET=${OLD}\n`)
  calls = []
  answers = () => 'expired'
  let asked = 0
  vi.stubGlobal('fetch', async (url: string) => {
    const { exp = 0 } = decodeJwt(new URL(url).searchParams.get('session_token') ?? '')
    expect(exp * 1000).toBeLessThan(Date.now())
    asked += 1
    return new Response(`<main data-error="${answers(asked - 1)}">`)
  })
  const tenant = {
    read: async () => applied(),
    updateAction: async (id: string, body: object) => void calls.push(['update', id, body]),
    deployAction: async (id: string) => {
      calls.push(['deploy', id])
      return 'version-3'
    },
    awaitDeployment: async () => undefined,
  } as unknown as Tenant
  const desired = (values: Variables) => {
    const secrets = [{ name: 'SESSION_TOKEN_SHARED_SECRET', value: values.SESSION_TOKEN_SHARED_SECRET ?? '' }]
    return { ...DESIRED, action: { ...DESIRED.action, secrets } }
  }
  const journal = new ProvisionJournal(join(folder, 'journal.json'))
  work = {
    tenant,
    journal,
    envFile,
    settings: {},
    desired,
    onStep: () => undefined,
    onSecret: () => undefined,
  }
})
afterEach(() => {
  vi.unstubAllGlobals()
  rmSync(folder, { recursive: true })
})

describe('rotate', () => {
  it('makes one step after another: the service, the Action, the end', async () => {
    expect(await step()).toBe('deploy_service')
    const { SESSION_TOKEN_SHARED_SECRET: next = '', SESSION_TOKEN_SHARED_SECRET_PREVIOUS: previous } = env()
    expect([previous, next.length, calls]).toEqual([OLD, 43, []])

    expect(await step()).toBe('wait')
    expect(calls).toEqual([
      [
        'update',
        'ours',
        {
          secrets: [
            { name: 'SESSION_TOKEN_SHARED_SECRET', value: next },
            // Other secrets are sent by name only: the tenant then keeps their values.
            { name: 'MANAGEMENT_API_CLIENT_ID' },
          ],
        },
      ],
      ['deploy', 'ours'],
    ])
    expect(work.journal.fingerprints).toEqual({ SESSION_TOKEN_SHARED_SECRET: fingerprint(next) })

    expect(await step(LATER)).toBe('finished')
    expect(env()).toEqual({ APP_BASE_URL: 'https://app.example.com', SESSION_TOKEN_SHARED_SECRET: next })
    expect(calls).toHaveLength(2)
  })

  it.each([
    ['the new one', 0],
    ['the old one', 1],
  ])('leaves the Action alone while the service does not accept %s', async (_which, index) => {
    await step()
    answers = (asked) => (asked === index ? 'bad_token' : 'expired')
    await expect(step()).rejects.toMatchObject({ code: 'service_not_ready' })
    expect(calls).toEqual([])
  })

  it('keeps the old secret for an hour', async () => {
    await step()
    await step()
    const early = new Date(LATER.getTime() - 1)
    await expect(step(early)).rejects.toMatchObject({ code: 'rotation_waiting' })
    expect(env().SESSION_TOKEN_SHARED_SECRET_PREVIOUS).toBe(OLD)
  })

  it('sets the same secret again after an interruption before the journal recorded it', async () => {
    await step()
    const { SESSION_TOKEN_SHARED_SECRET: next } = env()
    await step()
    work.journal.noteRotation(undefined)
    expect(await step()).toBe('wait')
    expect(env().SESSION_TOKEN_SHARED_SECRET).toBe(next)
    expect(calls).toHaveLength(4)
  })

  it('starts again after an interruption between its last two writes', async () => {
    await step()
    await step()
    await step(LATER)
    work.journal.noteRotation(NOW)
    expect(await step(LATER)).toBe('deploy_service')
    await expect(step(LATER)).resolves.toBe('wait')
  })
})
