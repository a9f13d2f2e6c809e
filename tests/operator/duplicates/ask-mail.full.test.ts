import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { hash12 } from '@/core'
import { aQueue } from '../../lib/jobs/a-queue'
import { aTenant } from '../../support/tenant/tenant'
import { environmentAt, startCommand } from './a-command'
import { aFolder, journalOf } from './a-plan'
import { peopleAt } from './a-world'
import { connectedStore } from './connected-store'

const tenant = await aTenant()
const { state } = tenant
const { redis } = await aQueue()

/** Fills the tenant with people and scans them. Returns a command that invites them, and the invitations in its journal. */
async function scanned(people: number, more: Record<string, string> = {}) {
  const folder = aFolder()
  const environment = {
    ...environmentAt(tenant),
    ...{ SMTP_URL: tenant.smtpUrl, MAIL_FROM: 'Example Inc <accounts@example.com>', ...more },
  }
  peopleAt(tenant, people)
  state.changeOptions({ smtp: { delay_ms: 0, rcpt_status: 250, data_status: 250, down: false } })
  const start = (...args: string[]) => startCommand(folder.path, environment, ...args)
  expect((await start('scan').ended).status).toBe(0)
  const invited = () => journalOf(folder).filter(({ step }) => step === 'invited')
  return { folder, invited, ask: () => start('ask', '--mail', '--share', '1') }
}
const ids = () => state.mails.map(({ headers }) => headers['message-id'])
const addressOf = (person: number) => `person-${person}@example.com`

describe('ask --mail as a child process', () => {
  it('invites the rest after a kill; the mail that was being sent may arrive twice, with the same Message-ID', async () => {
    const { folder, invited, ask } = await scanned(12)
    state.changeOptions({ smtp: { delay_ms: 300 } })
    const { child, ended } = ask()
    while (state.mails.length < 4) await sleep(5)
    child.kill('SIGKILL')
    expect((await ended).status).toBeNull()
    const before = invited().length
    expect(before).toBeLessThan(12)
    state.changeOptions({ smtp: { delay_ms: 0 } })
    const { status, output } = await ask().ended
    expect([status, output]).toEqual([0, expect.stringContaining(`Invitations: invited ${12 - before}.`)])
    expect(new Set(state.mails.map(({ to }) => to)).size).toBe(12)
    expect(new Set(ids()).size).toBe(12)
    expect(state.mails.length).toBeLessThanOrEqual(13)
    expect(invited()).toHaveLength(12)
    const keys = invited().map(({ pair }) => pair)
    expect(new Set(keys).size).toBe(12)
    expect(journalOf(folder).filter(({ act }) => act === 'ask').length).toBeGreaterThan(24)
  }, 60_000)

  it('ends at Ctrl-C after the current mail, and invites the rest at the next run', async () => {
    const { ask } = await scanned(8)
    const { child, ended } = ask()
    while (state.mails.length < 2) await sleep(5)
    child.kill('SIGINT')
    expect((await ended).status).toBe(2)
    expect(state.mails.length).toBeLessThan(5)
    expect((await ask().ended).status).toBe(0)
    expect(new Set(ids()).size).toBe(8)
    expect(state.mails).toHaveLength(8)
  }, 60_000)

  it('asks everyone although the mail server is down, but stops sending after ten failures in a row', async () => {
    const { folder, ask } = await scanned(15)
    state.changeOptions({ smtp: { down: true } })
    const { status, output } = await ask().ended
    expect(status).toBe(1)
    expect(output).toContain('Invitations: mail_failed 15.')
    expect(output).toContain('did not take 10 mails in a row')
    const asked = journalOf(folder).filter(({ step }) => step === 'asked')
    expect(asked).toHaveLength(33)
    expect(journalOf(folder).filter(({ act, step }) => act === 'invite' && step === 'begun')).toHaveLength(10)
    state.changeOptions({ smtp: { down: false } })
    expect((await ask().ended).status).toBe(0)
    expect(state.mails).toHaveLength(15)
  }, 60_000)

  it('sends no more than five mails a second, one after the other', async () => {
    const { ask } = await scanned(6)
    const sent: number[] = []
    const { ended } = ask()
    let isOver = false
    void ended.then(() => {
      isOver = true
    })
    while (!isOver) {
      if (state.mails.length > sent.length) sent.push(performance.now())
      await sleep(5)
    }
    expect(sent).toHaveLength(6)
    expect((sent.at(-1) ?? 0) - (sent[0] ?? 0)).toBeGreaterThan(5 * 180)
  }, 60_000)

  it('shares its limits with the service through Redis', async () => {
    const { ask } = await scanned(3, { REDIS_URL: redis.url })
    const store = await connectedStore(redis.url)
    await store.count(`mails_to:${await hash12(addressOf(0))}`, 3_600, 5)
    await store.take(`mail_bounced:${await hash12(addressOf(1))}`, 3_600)
    const { status, output } = await ask().ended
    expect(status).toBe(1)
    for (const count of ['invited 1', 'limit 1', 'bounced 1']) expect(output).toContain(count)
    expect(state.mails.map(({ to }) => to)).toEqual([addressOf(2)])
  }, 60_000)
})
