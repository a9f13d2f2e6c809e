import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../../scripts/lib/paths.mjs'
import { Clone } from '../support/operator/clone'
import { blocksOf, commandsIn } from '../support/operator/documented-commands'

const PROVISION = 'docs/provision.md'
const EXTENSION = 'docs/migrate/account-link-extension.md'
const TENANT = 'docs/local-tenant.md'
const READY = /^READY tenant=http:\/\/(\S+) tls=https:\/\/(\S+) other=(\S+) ca=(\S+) smtp=(\S+)$/
/** Long enough for several commands to finish while other tests run. */
const TEST_TIMEOUT_MS = 60_000

const clone = new Clone('scripts')
let tenant: ReturnType<typeof spawn>
/** Replaces the default addresses in the commands of a document by those of this tenant. */
let here: (commands: string) => string
/** Address of the tenant's SMTP sink. */
let smtp: string

beforeAll(async () => {
  const [command] = commandsIn(TENANT, 'npm run tenant')
  const ports = ['tenant', 'tenant-tls', 'other', 'smtp'].flatMap((name) => [`--${name}-port`, '0'])
  const [program = '', ...args] = command.split(' ')
  tenant = spawn(program, [...args, '--', ...ports], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: tenant.stdout ?? process.stdin })) {
    const [, login, canonical, , ca, sink = ''] = READY.exec(line) ?? []
    if (!login || !canonical || !ca) continue
    smtp = sink
    here = (commands) =>
      commands
        .replaceAll('localhost:3000', 'localhost:9')
        .replaceAll('localhost:4400', login)
        .replaceAll('localhost:4401', canonical)
        .replaceAll('/tmp/tenant-ca-…/ca.pem', ca)
    return
  }
  throw new Error('The tenant ended while starting.')
}, TEST_TIMEOUT_MS)
afterAll(async () => {
  const ended = once(tenant, 'close')
  tenant.kill()
  await ended
  clone.remove()
})

describe(PROVISION, () => {
  /** The `export` lines before the first command. They make a token. */
  const [, prepare = ''] =
    /^([\s\S]+\n)npm run provision/.exec(
      blocksOf(readFileSync(PROVISION, 'utf8'), 'sh').find((block) => block.startsWith('export')) ?? '',
    ) ?? []
  const type = (command: string) => clone.type(here(prepare) + command)

  it(
    'sets the local tenant up in observe mode, and then changes the mode to offer',
    async () => {
      const [plan] = commandsIn(PROVISION, 'npm run provision -- plan --yes')
      const planned = await type(plan)
      expect([planned.status, planned.out]).toEqual([
        0,
        expect.stringContaining('+ Action "Account linking"'),
      ])

      const [observe] = commandsIn(PROVISION, 'ACCOUNT_LINKING_MODE=observe npm run provision -- apply')
      const observing = await type(`${observe} --yes`)
      expect([observing.status, observing.out]).toEqual([
        0,
        expect.stringContaining('Done. Start the service'),
      ])
      // The mode stays `observe` if a later command does not set it.
      expect((await type(plan)).out).toContain('Nothing to do.')
      const [offer] = commandsIn(EXTENSION, 'ACCOUNT_LINKING_MODE=offer npm run provision -- apply')
      const offering = await type(`${offer} --yes`)
      expect(offering.out).toContain('~ Action "Account linking": secrets; deployed again')
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'lets the doctor simulate a login after the setup',
    async () => {
      const [doctor] = commandsIn('docs/doctor.md', 'npm run doctor -- --user')
      const { status, out } = await type(doctor)
      expect(status).toBe(2)
      expect(out).toContain('service_unreachable: http://localhost:9/healthz')
      expect(out).toContain('May google-oauth2|ann-g be linked? Yes: auth0|ann would be the primary account.')
    },
    TEST_TIMEOUT_MS,
  )

  it(
    'lets the doctor send a test mail after the setup',
    async () => {
      const [doctor] = commandsIn('docs/doctor.md', 'npm run doctor -- --mail-to')
      const { out } = await type(`SMTP_URL=${smtp} MAIL_FROM=accounts@example.com ${doctor}`)
      expect(out).not.toContain('smtp_')
      const mails = await fetch(here('http://localhost:4400/_tenant/mails'))
      expect(await mails.json()).toMatchObject([{ to: 'you@example.com', from: 'accounts@example.com' }])
      const broken = await type(`SMTP_URL=smtp://127.0.0.1:9 MAIL_FROM=accounts@example.com ${doctor}`)
      expect(broken.out).toContain('smtp_unreachable')
    },
    TEST_TIMEOUT_MS,
  )
})

describe(TENANT, () => {
  it('names the certificate authority with which a program trusts the canonical domain', async () => {
    const [command] = commandsIn(TENANT, 'curl --cacert')
    const [address, authority] = ['https://localhost:4401', '/tmp/tenant-ca-…/ca.pem'].map(here)
    const { status, out } = await clone.type(`${command} ${authority} ${address}/.well-known/jwks.json`)
    expect([status, JSON.parse(out)]).toEqual([0, { keys: expect.any(Array) }])
  })

  it.each([
    ['/_tenant/reset', 0],
    ['/_tenant/reset', 1],
    ['/_tenant/options', 2],
  ])('accepts the documented body for %s', async (path, index) => {
    const body = blocksOf(readFileSync(TENANT, 'utf8'), 'json')[index] ?? ''
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(here(`http://localhost:4400${path}`), { method: 'POST', headers, body })
    expect([response.status, await response.json()]).toEqual([200, expect.any(Object)])
  })

  it('accepts the documented fault', async () => {
    const [command] = commandsIn(TENANT, 'curl -X POST')
    const { status, out } = await clone.type(here(command))
    expect([status, JSON.parse(out)]).toEqual([0, { ok: true, active: 1 }])
  })

  it('fills the tenant with the documented command', async () => {
    const [, command = ''] = commandsIn(TENANT, 'curl -X POST')
    const { status, out } = await clone.type(here(command))
    expect([status, JSON.parse(out)]).toMatchObject([
      0,
      { users: 10_000, kinds: { mixed_case: { people: 500, accounts: 1_000 } } },
    ])
  })
})
