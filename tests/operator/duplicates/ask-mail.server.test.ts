import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { NEVER, pairKey } from '@/core'
import { fingerprint } from '@/lib/observability/log'
import { memoryStore } from '@/lib/store/memory-store'
import { startSmtpSink } from '@/local-tenant/control/smtp-sink'
import { makeFolder } from '@/operator/duplicates/folder'
import { atTenant } from '../../lib/sign-in-methods/at-tenant'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { aScanFolder, jsonLines, linesOf } from './a-scan'

const tenant = await atTenant()
const LOOKED = { until: NEVER, key: 'a' }
const ANN = ['auth0|ann', 'google-oauth2|ann-g'] as const
const BEA = ['auth0|bea', 'google-oauth2|bea-g', 'github|bea-h'] as const

const sink = await startSmtpSink(() => tenant.state, 0)
afterAll(() => sink.close())

beforeEach(() => {
  vi.useRealTimers()
  vi.stubEnv('SMTP_URL', `smtp://127.0.0.1:${sink.port}`)
  vi.stubEnv('MAIL_FROM', 'Example Inc <accounts@example.com>')
  tenant.state.changeOptions({ rate_limit: { burst: 100_000, per_second: 100_000 } })
})

const mails = () => tenant.state.mails
const tos = () =>
  mails()
    .map(({ to }) => to)
    .sort()
const mailTo = (to: string) => mails().find((mail) => mail.to === to)
const decline = async (until: number, disputed = false) => ({
  account_linking: {
    declined: { [await pairKey(...ANN)]: { until, at: 1, ...(disputed && { disputed: true }) } },
  },
})
const now = () => Math.floor(Date.now() / 1000)

/** A folder for scans of the tenant's users, with the command `ask --mail`. */
function aFolder() {
  const all = aScanFolder()
  const { folder } = all
  return {
    ...all,
    journal: () => jsonLines(folder.journal).filter(({ act }) => act === 'invite'),
    ask: (...args: string[]) => all.run('ask', '--share', '1', '--mail', ...args),
    /** Writes the files of a scan that found the accounts of Ann and Bea; `scanned_at` in seconds. */
    rescan(scanned_at: number) {
      makeFolder(folder)
      const groups = [ANN, BEA].map((ids, at) => ({
        key: `group-${at}`,
        accounts: ids.map((id) => tenant.user(id)),
      }))
      writeFileSync(folder.accounts, linesOf(...groups))
      writeFileSync(folder.counts, JSON.stringify({ scanned_at }))
    },
  }
}

/** A folder in which Ann and Bea were scanned. */
function scanned() {
  const all = aFolder()
  all.rescan(now() - 1)
  return all
}

describe('ask --mail', () => {
  it('invites each person once, at the address that all of their accounts have', async () => {
    const { ask, journal, run } = aFolder()
    await run('scan')
    const { status, output } = await ask()
    const people = tos()
    expect(people).toEqual(expect.arrayContaining(['ann@example.com', 'bea@example.com']))
    expect(people).toEqual([...new Set(people)])
    expect([status, output]).toEqual([0, expect.stringContaining(`Invitations: invited ${people.length}.`)])
    expect(output).not.toContain('@')
    // Cy's address is not verified, and Dee has one account.
    expect(people.filter((to) => /^(cy|dee)@/.test(to))).toEqual([])
    const keys = journal().map(({ pair, step }) => `${pair} ${step}`)
    expect(keys).toHaveLength(2 * people.length)
    expect(JSON.stringify(journal())).not.toContain('@')
  })

  it('names the sign-in methods of each account, and masks addresses that are not the recipient’s', async () => {
    tenant.attach(
      'google-oauth2|ann-g',
      { provider: 'github', user_id: '77', connection: 'github' },
      { email: 'other.ann@example.org', email_verified: true },
    )
    const { ask } = scanned()
    await ask()
    const { text = '', html = '' } = mailTo('ann@example.com') ?? {}
    expect(text).toContain('Account: Google and GitHub (o••@example.org)\nAccount: Email and password\n')
    expect(`${text}${html}`).not.toMatch(/other\.ann|ann@/)
    expect(`${text}${html}`).not.toMatch(/token=|\/not-me|\/link/)
  })

  it('writes in the language of the account that stays, or else of another account', async () => {
    tenant.change('auth0|ann', { user_metadata: { locale: 'pt_BR' } })
    tenant.change('google-oauth2|ann-g', { user_metadata: { locale: 'de' } })
    tenant.change('google-oauth2|bea-g', { user_metadata: { locale: 'fi' } })
    const { ask } = scanned()
    await ask()
    expect(mailTo('ann@example.com')?.html).toContain('<html lang="pt-BR"')
    expect(mailTo('bea@example.com')?.html).toContain('<html lang="fi"')
  })

  it('invites no one twice for one scan, and again after another scan', async () => {
    const { ask, rescan } = scanned()
    await ask()
    const first = tos()
    const { status, output } = await ask()
    expect([status, output]).toEqual([0, expect.stringContaining('Invitations: nothing left to do.')])
    expect(tos()).toEqual(first)
    rescan(now() + 1)
    await ask()
    expect(tos()).toEqual([...first, ...first].sort())
  })

  it('invites people who were asked before without a mail, if their accounts still qualify', async () => {
    const { ask, run } = scanned()
    await run('ask', '--share', '1')
    expect(mails()).toEqual([])
    tenant.change('auth0|bea', { email_verified: false })
    tenant.change('github|bea-h', { email_verified: false })
    await ask()
    expect(tos()).toContain('ann@example.com')
    expect(tos()).not.toContain('bea@example.com')
  })

  it.each([
    ['has declined for good', async () => tenant.change(ANN[0], { app_metadata: await decline(NEVER) })],
    [
      'has declined at the other account',
      async () => tenant.change(ANN[1], { app_metadata: await decline(NEVER) }),
    ],
    ['has disputed it', async () => tenant.change(ANN[1], { app_metadata: await decline(NEVER, true) })],
    [
      'has declined for a time',
      async () => tenant.change(ANN[0], { app_metadata: await decline(now() + 60) }),
    ],
    ['has an account that is blocked', async () => tenant.change(ANN[1], { blocked: true })],
    [
      'has an address that is not verified any more',
      async () => tenant.change(ANN[1], { email_verified: false }),
    ],
    ['has another address now', async () => tenant.change(ANN[1], { email: 'ann.new@example.com' })],
    ['has deleted an account', async () => void tenant.state.users.delete(ANN[1])],
  ])('does not invite a person who %s since the scan', async (_what, change) => {
    const { ask } = scanned()
    await change()
    await ask()
    expect(tos().filter((to) => to.startsWith('ann'))).toEqual([])
    expect(tos()).toContain('bea@example.com')
  })

  it('invites a person whose decline has expired', async () => {
    tenant.change(ANN[0], { app_metadata: await decline(now() - 60) })
    const { ask } = scanned()
    await ask()
    expect(tos()).toContain('ann@example.com')
  })

  it('ends with status 0 if people have declined', async () => {
    const { ask } = scanned()
    tenant.change(ANN[0], { app_metadata: await decline(NEVER) })
    const { status, output } = await ask()
    expect([status, output]).toEqual([0, expect.stringMatching(/Invitations: .*declined 1/)])
  })

  it('invites a person only once the mark on one of their accounts could be removed', async () => {
    for (const id of ANN) tenant.change(id, { app_metadata: { account_linking: { looked: LOOKED } } })
    const { ask } = scanned()
    tenant.state.faults.push({
      rule: { match: { method: 'PATCH' }, effect: { status: 400 }, times: 2 },
      ...{ seen: 0, played: 0 },
    })
    await ask()
    expect(tos()).not.toContain('ann@example.com')
    await ask()
    expect(tos()).toContain('ann@example.com')
  })

  it('asks everyone even if the mail server refuses, reports that, and invites them at the next run', async () => {
    tenant.change('auth0|ann', { app_metadata: { account_linking: { looked: LOOKED } } })
    const { ask, journal } = scanned()
    tenant.state.changeOptions({ smtp: { data_status: 451 } })
    const { status, output } = await ask()
    expect([status, output]).toEqual([1, expect.stringMatching(/Invitations: mail_failed \d+\./)])
    expect(tenant.user('auth0|ann').app_metadata.account_linking).toEqual({})
    expect(journal().filter(({ code }) => code === 'mail_failed').length).toBeGreaterThan(1)
    tenant.state.changeOptions({ smtp: { data_status: 250 } })
    expect((await ask()).status).toBe(0)
    expect(tos()).toContain('ann@example.com')
  })

  it('keeps to five mails a day for an address, and tries again at the next run', async () => {
    const { ask, journal } = scanned()
    const key = `mails_to:${fingerprint('ann@example.com')}`
    await memoryStore.count(key, 86_400, 5)
    const { status, output } = await ask()
    expect([status, output]).toEqual([1, expect.stringContaining('limit 1')])
    expect(tos()).not.toContain('ann@example.com')
    await memoryStore.count(key, 86_400, -1)
    await ask()
    expect(tos()).toContain('ann@example.com')
    expect(journal().filter(({ code }) => code === 'limit')).toHaveLength(1)
  })

  it('does not write again to an address that bounced', async () => {
    const { ask } = scanned()
    tenant.state.changeOptions({ smtp: { rcpt_status: 550 } })
    const { status, output } = await ask()
    expect([status, output]).toEqual([1, expect.stringMatching(/Invitations: bounced \d+\./)])
    tenant.state.changeOptions({ smtp: { rcpt_status: 250 } })
    expect((await ask()).output).toContain('Invitations: nothing left to do.')
    expect(mails()).toEqual([])
  })

  it('asks and invites only the people in the plan with --plan', async () => {
    const { ask, run, write } = scanned()
    const rule = { connections: { stays: ['auth0'], ends: ['github'] }, most_accounts: 3, because: 'test' }
    await run('plan', '--rule', write('rule.json', JSON.stringify(rule)))
    await ask('--plan')
    expect(tos()).toEqual(['bea@example.com'])
    expect(mails()[0]?.text).toContain('Account: Email and password\nAccount: GitHub\n')
  })

  it('does not ask or invite people whose accounts apply has linked', async () => {
    const { ask, journal, folder } = scanned()
    const line = {
      at: '2020-01-01T00:00:00.000Z',
      act: 'apply',
      primary: ANN[0],
      pair: ANN[1],
      step: 'linked',
    }
    appendFileSync(folder.journal, `${JSON.stringify(line)}\n`)
    expect((await ask()).status).toBe(0)
    expect(tos()).toEqual(['bea@example.com'])
    expect(new Set(journal().map(({ pair }) => pair))).toEqual(new Set(['group-1']))
  })

  it('does not invite a person whose accounts were blocked at an earlier run', async () => {
    const { ask } = scanned()
    for (const id of ANN) tenant.change(id, { blocked: true })
    await ask()
    for (const id of ANN) tenant.change(id, { blocked: false })
    await ask()
    expect(tos()).toEqual(['bea@example.com'])
  })

  it('sends a mail again that a killed run only began, with the same Message-ID', async () => {
    const { ask, journal, folder } = scanned()
    await ask()
    forgetProcessMemory('taken', 'counted')
    const text = readFileSync(folder.journal, 'utf8')
    const last = text.trimEnd().lastIndexOf('\n') + 1
    expect(JSON.parse(text.slice(last))).toMatchObject({ act: 'invite', step: 'invited' })
    writeFileSync(folder.journal, text.slice(0, last))
    const before = mails().length
    await ask()
    expect(mails()).toHaveLength(before + 1)
    expect(mails().at(-1)?.headers['message-id']).toBe(mails()[before - 1]?.headers['message-id'])
    expect(journal().at(-1)).toMatchObject({ step: 'invited' })
  })

  it('is counted in the output of status', async () => {
    const { ask, run } = scanned()
    await ask()
    const { output } = await run('status', '--json')
    expect(JSON.parse(output)).toMatchObject({ invited: mails().length, refused: {} })
  })

  it('changes nothing if no mail server is configured', async () => {
    vi.stubEnv('SMTP_URL', '')
    vi.stubEnv('MAIL_FROM', '')
    const { ask } = scanned()
    const before = tenant.calls().length
    expect(await ask()).toEqual({ status: 3, output: expect.stringMatching(/^mail_not_configured: /) })
    expect(tenant.calls()).toHaveLength(before)
  })
})
