/**
 * Fetches an export of all users from the tenant: starts Auth0's export job, waits for it, and downloads its file.
 * @module
 */
import { createWriteStream, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { type Variables, writePrivate } from '../../shared/env-file'
import { callTenant } from '../../shared/tenant-reads'
import { DuplicatesError } from '../error'
import type { Folder } from '../folder'
import { configIn } from '../settings'
import { openTenant, type TenantAccess } from '../tenant/tenant-access'

/** The user fields to export: those that the linking rules need, and those that the report shows. */
export const EXPORT_FIELDS = [
  ...['user_id', 'email', 'email_verified', 'blocked', 'identities', 'user_metadata', 'app_metadata'],
  ...['multifactor', 'created_at', 'updated_at', 'last_login', 'logins_count'],
]

/** How long a job is reused, in milliseconds. Auth0 keeps a job and its file for 24 hours; one hour is for the download. */
const JOB_LIFE_MS = 23 * 3_600_000
/** The pause after the first check of a job, and the longest pause, in milliseconds. Each pause is twice the one before. */
const LOOK_PAUSE_MS = { first: 100, most: 2_000 }
/** How often a download is tried. Each try gets a new URL, because a URL is valid for 60 seconds. */
const DOWNLOAD_TRIES = 3

const KeptJob = z.object({ id: z.string(), tenant: z.string(), started_at: z.number() })
type KeptJob = z.output<typeof KeptJob>

/**
 * Fetches an export of all users. It continues an interrupted run: it uses the file if that was downloaded already, or waits
 * for the job that was started.
 *
 * @param folder - Stores the id of the job, and the file until it was scanned.
 * @returns The path of the gzipped file.
 * @throws {DuplicatesError} `export_failed`, `environment_unusable`.
 * @throws {OperatorError} If the Management API refuses an API call; `missing_scope` without `read:users`.
 * @see {@link https://auth0.com/docs/api/management/v2/jobs/post-users-exports Create export users job}
 */
export async function fetchExport(folder: Folder, env: Variables): Promise<string> {
  const config = configIn(env)
  const kept = keptJob(folder, config.managementDomain.host)
  if (kept && existsSync(folder.download)) {
    console.log('The export is here already.')
    return folder.download
  }
  const tenant = await openTenant(config, env)
  const job = kept ?? (await startJob(folder, tenant))
  for (let tried = 1; ; tried += 1) {
    const location = await finishedJob(folder, tenant, job)
    if (await download(location, folder.download)) return folder.download
    if (tried === DOWNLOAD_TRIES)
      throw new DuplicatesError('export_failed', 'The file of the export could not be downloaded.')
  }
}

/** Removes the downloaded file and the stored id of the job. */
export function forgetDownload({ job, download: file }: Folder): void {
  for (const path of [job, file, `${file}.part`]) rmSync(path, { force: true })
}

/** The job that an earlier run started at this tenant, unless the tenant has removed it by now. */
function keptJob(folder: Folder, host: string): KeptJob | undefined {
  if (!existsSync(folder.job)) return undefined
  const { data } = KeptJob.safeParse(JSON.parse(readFileSync(folder.job, 'utf8')))
  if (data?.tenant === host && Date.now() - data.started_at < JOB_LIFE_MS) return data
  forgetDownload(folder)
  return undefined
}

async function startJob({ job: path }: Folder, { api, host }: TenantAccess): Promise<KeptJob> {
  const fields = EXPORT_FIELDS.map((name) => ({ name }))
  const { id } = await callTenant(api.jobs.usersExports.create({ format: 'json', fields }))
  const job = { id, tenant: host, started_at: Date.now() }
  writePrivate(path, JSON.stringify(job))
  console.log(`The tenant exports its users: ${id}`)
  return job
}

/** Waits for a job to finish, and returns the URL of its file. */
async function finishedJob(folder: Folder, { api }: TenantAccess, { id }: KeptJob): Promise<string> {
  for (let pause = LOOK_PAUSE_MS.first; ; pause = Math.min(2 * pause, LOOK_PAUSE_MS.most)) {
    const job = await callTenant(api.jobs.get(id)).catch((error) => {
      // The tenant no longer has this job, so the next run starts another one.
      if (Object(error.cause).statusCode === 404) forgetDownload(folder)
      throw error
    })
    const { status, location, percentage_done: done } = job
    if (status === 'completed' && location) return location
    if (status === 'failed') {
      forgetDownload(folder)
      throw new DuplicatesError('export_failed', `The tenant did not finish the export ${id}.`)
    }
    console.log(`${status}${done === undefined ? '' : `, ${done} %`}`)
    await setTimeout(pause)
  }
}

/** Downloads a file. Returns whether this succeeded. */
async function download(location: string, path: string): Promise<boolean> {
  const part = `${path}.part`
  try {
    const { ok, body } = await fetch(location)
    if (!ok || !body) return false
    await pipeline(body, createWriteStream(part, { mode: 0o600 }))
    renameSync(part, path)
    return true
  } catch {
    return false
  }
}
