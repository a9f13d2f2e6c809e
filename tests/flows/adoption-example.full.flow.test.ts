import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AdoptionData, AdoptionStep } from '@/core'
import { freePort } from '@/scripts/lib/options.mjs'
import { spawnOwned } from '@/scripts/lib/spawn-owned.mjs'
import { findNode } from '../../scripts/lib/node.mjs'
import { FlowBrowser } from '../support/browser/flow-browser'
import { BUTTONS, claimsOf } from '../support/flow/flow'
import { ownDemo } from '../support/flow/own-demo'
import { Settings } from '../support/flow/settings'

const OLDER = 'auth0|ann'
const YOUNGER = 'google-oauth2|ann-g'
const ADOPTION_SECRET = `whsec_${Buffer.alloc(32, 'adoption').toString('base64')}`
const port = await freePort(0, false, '127.0.0.1')
const ADOPTION_URL = `http://127.0.0.1:${port}/`
// Empty if Node.js 24 is not installed. `npm test` then says so.
const NODES = [findNode(24)].filter((node) => node !== undefined)

describe.each(NODES)('examples/adoption on %s', (node) => {
  const folder = mkdtempSync(join(tmpdir(), 'account-linking-adoption-'))
  const own = ownDemo({
    env: { ADOPTION_URL, ADOPTION_SECRET },
    secrets: { ADOPTION_URL, ADOPTION_SECRET },
  })
  const start = async () => {
    const server = spawnOwned(node, ['examples/adoption/server.js'], {
      env: { NODE_ENV: 'test', PORT: `${port}`, ADOPTION_SECRET, DATABASE: join(folder, 'things.db') },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: server.stdout ?? process.stdin })[Symbol.asyncIterator]()
    expect((await lines.next()).value).toBe(`ready ${port}`)
    return server
  }
  let server: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => {
    server.kill()
    rmSync(folder, { recursive: true })
  })
  beforeEach(() => {
    sql('DELETE FROM things; DELETE FROM adoptions; DELETE FROM moved')
  })

  /** Runs SQL statements in the example's database, then returns the owner of each thing by the thing's id. */
  function sql(statements = ''): Record<string, string> {
    const program = `
      import { openDatabase } from './examples/adoption/database.js'
      const db = openDatabase(${JSON.stringify(join(folder, 'things.db'))})
      db.exec(${JSON.stringify(statements)})
      const rows = db.prepare('SELECT id, owner FROM things').all()
      console.log(JSON.stringify(Object.fromEntries(rows.map(({ id, owner }) => [id, owner]))))`
    return JSON.parse(execFileSync(node, ['--input-type=module', '-e', program], { encoding: 'utf8' }))
  }
  const bothOwn = (kind = 'note') =>
    sql(`INSERT INTO things VALUES (1, '${YOUNGER}', '${kind}'), (2, '${OLDER}', '${kind}')`)

  async function send(step: AdoptionStep, more: Partial<AdoptionData> = {}, ageSeconds = 0): Promise<number> {
    const data = { adoption_id: 'a1', primary_user_id: OLDER, secondary_user_id: YOUNGER, ...more }
    const at = new Date(Date.now() - ageSeconds * 1_000)
    const id = `${data.adoption_id}.account.adoption.${step}`
    const body = JSON.stringify({ type: `account.adoption.${step}`, timestamp: at, data })
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': `${Math.floor(at.getTime() / 1_000)}`,
      'webhook-signature': new Webhook(ADOPTION_SECRET).sign(id, at, body),
    }
    return (await fetch(ADOPTION_URL, { method: 'POST', body, headers })).status
  }
  const UNDO = { adoption_id: 'a1-undo-1', undo: true, undoes: 'a1' } as const

  async function linkAtLogin() {
    const browser = new FlowBrowser()
    return { browser, done: await browser.press(await own.flow.annAtConfirm(browser), BUTTONS.link) }
  }

  it('moves the secondary account’s things to the primary account at a link, and back at an undo', async () => {
    bothOwn()
    const { browser, done } = await linkAtLogin()
    expect(claimsOf(done).sub).toBe(OLDER)
    expect(sql()).toEqual({ 1: OLDER, 2: OLDER })
    sql(`INSERT INTO things VALUES (3, '${OLDER}', 'note')`)
    const ann = new Settings(own.flow, browser)
    await ann.disconnect(await ann.open('ann@example.com'), 'Undo')
    expect(sql()).toEqual({ 1: YOUNGER, 2: OLDER, 3: OLDER })
  })

  it('refuses a link after which a person would pay twice', async () => {
    bothOwn('subscription')
    expect(claimsOf((await linkAtLogin()).done).sub).toBe(YOUNGER)
    expect(sql()).toEqual({ 1: YOUNGER, 2: OLDER })
  })

  it('carries out a step once, even if the step arrives again after the server was killed', async () => {
    bothOwn()
    expect([await send('prepare'), await send('commit')]).toEqual([204, 204])
    sql(`UPDATE things SET owner = '${YOUNGER}' WHERE id = 1`)
    server.kill('SIGKILL')
    await new Promise((resolve) => server.once('exit', resolve))
    server = await start()
    expect(await send('commit')).toBe(204)
    expect(sql()).toEqual({ 1: YOUNGER, 2: OLDER })
  })

  it('needs no prepare step for a link or an unlink that someone else made, and moves the things each time', async () => {
    bothOwn('subscription')
    const foreign = { foreign: true } as const
    expect([await send('commit', foreign), await send('commit', foreign)]).toEqual([204, 204])
    expect(sql()).toEqual({ 1: OLDER, 2: OLDER })
    expect(await send('commit', { ...UNDO, ...foreign })).toBe(204)
    expect(sql()).toEqual({ 1: YOUNGER, 2: OLDER })
  })

  it('moves nothing if the steps arrive in the wrong order', async () => {
    bothOwn()
    expect([await send('abandon'), await send('prepare')]).toEqual([204, 409])
    await send('commit', { ...UNDO, undoes: 'a2' })
    await send('commit', { adoption_id: 'a2' })
    expect(sql()).toEqual({ 1: YOUNGER, 2: OLDER })
  })

  it('accepts the undo of a link for which it moved nothing, and moves nothing back', async () => {
    bothOwn('subscription')
    expect([await send('prepare', UNDO), await send('commit', UNDO), await send('commit', UNDO)]).toEqual([
      204, 204, 204,
    ])
    expect(sql()).toEqual({ 1: YOUNGER, 2: OLDER })
  })

  it('refuses a step that is more than 300 s old, or has no signature', async () => {
    bothOwn()
    expect(await send('commit', {}, 301)).toBe(401)
    expect((await fetch(ADOPTION_URL, { method: 'POST', body: '{}' })).status).toBe(401)
    expect(sql()).toEqual({ 1: YOUNGER, 2: OLDER })
  })
})
