import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { EXPORT_FIELDS, fetchExport } from '@/operator/duplicates/export/export-job'
import { makeFolder } from '@/operator/duplicates/folder'
import { atTenant } from '../../../lib/sign-in-methods/at-tenant'
import { aScanFolder } from '../a-scan'

const tenant = await atTenant()

/** The service's environment, and a folder for an export. */
function aJob() {
  const all = aScanFolder()
  makeFolder(all.folder)
  const env = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value)) as Record<
    string,
    string
  >
  return { ...all, env, fetchIt: () => fetchExport(all.folder, env) }
}

const starts = () => tenant.calls().filter((call) => call === 'POST jobs/users-exports')

describe('scan without a file', () => {
  it('exports the fields that the rules need, scans them, and keeps no file of the export', async () => {
    const { run, folder, report } = aJob()
    vi.useRealTimers()
    const { status, output } = await run('scan')
    expect([status, output]).toEqual([0, expect.stringContaining('report.html')])
    expect(report()).toMatchObject({ users: tenant.state.users.size, groups: 9, accounts_in_groups: 19 })
    expect([existsSync(folder.download), existsSync(folder.job)]).toEqual([false, false])
    const start = tenant.state.ledger.find(({ path }) => path.endsWith('/users-exports'))
    expect(start?.body).toEqual({ format: 'json', fields: EXPORT_FIELDS.map((name) => ({ name })) })
  })

  it('says which scope is missing', async () => {
    const { run } = aJob()
    tenant.grant('update:users')
    expect(await run('scan')).toEqual({
      status: 3,
      output: expect.stringMatching(/^missing_scope: .*read:users/),
    })
  })

  it('names a variable that the environment lacks', async () => {
    const { run } = aJob()
    vi.stubEnv('FLOW_SECRET', '')
    expect(await run('scan')).toEqual({
      status: 3,
      output: expect.stringMatching(/^environment_unusable: [\s\S]*FLOW_SECRET/),
    })
  })
})

describe('fetchExport', () => {
  it('keeps the file for its owner only', async () => {
    const { fetchIt, folder } = aJob()
    expect(await fetchIt()).toBe(folder.download)
    expect(statSync(folder.download).mode & 0o777).toBe(0o600)
  })

  it('continues an export job that a killed run has started', async () => {
    const { fetchIt, folder } = aJob()
    tenant.onCall((call) => {
      if (call.startsWith('GET jobs/')) throw new Error('killed')
    })
    await expect(fetchIt()).rejects.toThrow()
    expect(existsSync(folder.job)).toBe(true)
    tenant.onCall(() => undefined)
    await fetchIt()
    expect(starts()).toHaveLength(1)
  })

  it('does not download an export twice, and ignores a partial download', async () => {
    const { fetchIt, folder } = aJob()
    await fetchIt()
    const calls = tenant.calls().length
    await fetchIt()
    expect(tenant.calls()).toHaveLength(calls)
    const whole = readFileSync(folder.download)
    writeFileSync(`${folder.download}.part`, whole.subarray(0, 10))
    expect(readFileSync(await fetchIt())).toEqual(whole)
  })

  it('starts another job if the folder is of another tenant, or the job is too old', async () => {
    const { fetchIt, folder } = aJob()
    await fetchIt()
    const job = JSON.parse(readFileSync(folder.job, 'utf8'))
    writeFileSync(folder.job, JSON.stringify({ ...job, tenant: 'other.example.com' }))
    await fetchIt()
    writeFileSync(folder.job, JSON.stringify({ ...job, started_at: Date.now() - 23.5 * 3_600_000 }))
    await fetchIt()
    expect(starts()).toHaveLength(3)
  })

  it('asks for a new download link if one has expired', async () => {
    const { fetchIt } = aJob()
    let isFirst = true
    const fetchNow = globalThis.fetch
    vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
      // The first download link expires before it is used.
      if (String(input).includes('/user-exports/') && isFirst) {
        isFirst = false
        tenant.state.clockOffset = 61_000
      }
      return fetchNow(input, init)
    })
    await fetchIt()
    expect(isFirst).toBe(false)
    expect(starts()).toHaveLength(1)
  })

  it('gives up after three download links, and continues the job at the next run', async () => {
    const { fetchIt } = aJob()
    tenant.play({ match: { path: '^/user-exports/' }, effect: { status: 500 } })
    await expect(fetchIt()).rejects.toMatchObject({ code: 'export_failed' })
    tenant.mend()
    await fetchIt()
    expect(starts()).toHaveLength(1)
  })

  it('keeps a job whose state could not be read once', async () => {
    const { fetchIt } = aJob()
    tenant.play({ match: { method: 'GET', path: '^/api/v2/jobs/' }, effect: { status: 400 }, times: 1 })
    await expect(fetchIt()).rejects.toMatchObject({ code: 'management_failed' })
    await fetchIt()
    expect(starts()).toHaveLength(1)
  })

  it('forgets a job that the tenant no longer has', async () => {
    const { fetchIt, folder } = aJob()
    writeFileSync(
      folder.job,
      JSON.stringify({ id: 'job_0123456789abcdef', tenant: 'localhost:4401', started_at: Date.now() }),
    )
    await expect(fetchIt()).rejects.toMatchObject({ code: 'management_failed' })
    await fetchIt()
    expect(starts()).toHaveLength(1)
  })
})
