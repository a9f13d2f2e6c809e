/**
 * Jobs that export users: the options of a request, and the exported file.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createGzip } from 'node:zlib'
import { z } from 'zod'
import type { StoredConnection, StoredUser } from '../model'
import { ManagementRefusal } from './management-errors'
import { toManagementUser, toUserWithoutPicture } from './management-user'
import { ConnectionId } from './parse-user-id'

/** How long a link to a file can be used, in milliseconds. */
const LINK_LIFETIME_MS = 60_000

/** How long Auth0 keeps a job and its file, in milliseconds. */
const JOB_LIFETIME_MS = 86_400_000

/** The most fields that Auth0 accepts for CSV. */
const MAX_CSV_FIELDS = 30

/** How many users the job writes before it lets the tenant handle other requests. */
const USERS_AT_A_TIME = 500

/** The fields of a file if the caller names none. Auth0 documents "a predefined set" without naming its fields. */
const STANDARD_FIELDS = [
  'user_id',
  'email',
  'email_verified',
  'name',
  'given_name',
  'family_name',
  'nickname',
  'picture',
  'created_at',
  'updated_at',
]

const Field = z.strictObject({
  name: z.string().max(100).describe('Name of the field in the profile.'),
  export_as: z.string().max(100).describe('Title of the column in the exported CSV.').optional(),
})

/** The body of `POST /api/v2/jobs/users-exports`. */
export const UsersExport = z.strictObject({
  connection_id: ConnectionId.describe(
    'connection_id of the connection from which users will be exported.',
  ).optional(),
  format: z.enum(['json', 'csv']).describe('Format of the file. Must be `json` or `csv`.').optional(),
  limit: z.number().int().min(1).describe('Limit the number of records.').optional(),
  fields: z
    .array(Field)
    .describe('List of fields to be included in the CSV. Defaults to a predefined set of fields.')
    .optional(),
})

/** @see {@link UsersExport} */
export type UsersExport = z.output<typeof UsersExport>

type ExportField = z.output<typeof Field>

/** A job that exports users. */
export interface StoredExport {
  id: string
  created_at: string
  request: UsersExport & { format: 'json' | 'csv' }
  connection?: StoredConnection | undefined
  /** Whether the job has been read. The first read returns `pending`, as in our recordings of Auth0's traffic. */
  isRead: boolean
  /** How many users the job exports, and how many of them are in the file already. */
  total: number
  written: number
  /** The compressed file, once it is whole. */
  file?: Buffer
  /** When each link expires, in milliseconds since the epoch. The key is the link's signature. */
  links: Map<string, number>
}

/**
 * Starts an export. The file is written in the background, while the tenant handles other requests.
 *
 * @param input - What the caller asks for.
 * @param connection - The connection that `input` names, if any.
 * @param all - All users of the tenant. If a user changes before it is written to the file, the file has the changed user.
 * @param now - The tenant's time, in milliseconds since the epoch.
 * @throws {ManagementRefusal} 400 `invalid_body` for CSV with more than 30 fields or with a whole metadata object.
 * @see https://auth0.com/docs/manage-users/user-migration/bulk-user-exports
 */
export function startExport(
  input: UsersExport,
  connection: StoredConnection | undefined,
  all: Iterable<StoredUser>,
  now: number,
): StoredExport {
  const request = { ...input, format: input.format ?? ('csv' as const) }
  const fields = request.fields ?? STANDARD_FIELDS.map((name): ExportField => ({ name }))
  if (request.format === 'csv') assertFitsCsv(fields)
  const users = [...all]
    .filter(({ identities }) => !connection || identities.some((each) => each.connection === connection.name))
    .slice(0, request.limit)
  const job: StoredExport = {
    id: `job_${randomBytes(8).toString('hex')}`,
    created_at: new Date(now).toISOString(),
    request,
    connection,
    isRead: false,
    total: users.length,
    written: 0,
    links: new Map(),
  }
  void buffer(Readable.from(textsOf(job, users, fields)).pipe(createGzip())).then((file) => {
    job.file = file
  })
  return job
}

/**
 * Finds an export. Deletes it if it was started 24 hours ago or earlier.
 *
 * @param jobs - All exports, by id.
 * @param now - The tenant's time, in milliseconds since the epoch.
 */
export function findExport(
  jobs: Map<string, StoredExport>,
  id: string,
  now: number,
): StoredExport | undefined {
  const job = jobs.get(id)
  if (job === undefined || now - Date.parse(job.created_at) < JOB_LIFETIME_MS) return job
  jobs.delete(id)
  return undefined
}

/** Returns a job in the form of Auth0's response when the job has just started. */
export function pendingExport({ id, created_at, request, connection }: StoredExport) {
  return {
    type: 'users_export',
    status: 'pending',
    ...request,
    ...(connection && { connection: connection.name }),
    created_at,
    id,
  }
}

/**
 * Returns a job in the form of `GET /api/v2/jobs/{id}`. For a finished job, each call creates a new link, which works for 60
 * s.
 *
 * @param job - The job. The first call returns it as `pending`.
 * @param origin - The origin of the link.
 * @param now - The tenant's time, in milliseconds since the epoch.
 */
export function readExport(job: StoredExport, origin: string, now: number): Record<string, unknown> {
  const isFirst = !job.isRead
  job.isRead = true
  const shown = pendingExport(job)
  if (isFirst) return shown
  if (!job.file) {
    const done = job.total === 0 ? 0 : Math.floor((job.written / job.total) * 100)
    return { ...shown, status: 'processing', percentage_done: Math.min(99, done), time_left_seconds: 1 }
  }
  for (const [signature, end] of job.links) if (end <= now) job.links.delete(signature)
  const end = now + LINK_LIFETIME_MS
  const signature = randomBytes(24).toString('base64url')
  job.links.set(signature, end)
  const query = new URLSearchParams({ Expires: String(Math.floor(end / 1000)), Signature: signature })
  return {
    ...shown,
    status: 'completed',
    location: `${origin}/user-exports/${job.id}/local.${job.request.format}.gz?${query}`,
    percentage_done: 100,
    time_left_seconds: 0,
  }
}

function assertFitsCsv(fields: ExportField[]): void {
  const refused = (message: string) => new ManagementRefusal(400, message, 'invalid_body')
  if (fields.length > MAX_CSV_FIELDS) {
    throw refused(`Exports in CSV format are limited to ${MAX_CSV_FIELDS} fields.`)
  }
  const whole = fields.find(({ name }) => name === 'user_metadata' || name === 'app_metadata')
  if (whole) throw refused(`Exports in CSV format cannot include ${whole.name} as a single object.`)
}

/** Yields the content of the file, part by part. */
async function* textsOf(job: StoredExport, users: StoredUser[], fields: ExportField[]) {
  const isCsv = job.request.format === 'csv'
  const columns = fields.map(({ name, export_as: title = name }) => ({ title, steps: stepsOf(name) }))
  const toShown = fields.some(({ name }) => name === 'picture') ? toManagementUser : toUserWithoutPicture
  if (isCsv) yield `${columns.map(({ title }) => csvTitle(title)).join(',')}\n`
  for (let start = 0; start < users.length; start += USERS_AT_A_TIME) {
    const lines = users.slice(start, start + USERS_AT_A_TIME).map((user) => {
      const shown = toShown(user)
      const values = columns.map(({ steps }) => valueAt(shown, steps))
      if (isCsv) return values.map(csvValue).join(',')
      return JSON.stringify(Object.fromEntries(columns.map(({ title }, index) => [title, values[index]])))
    })
    yield `${lines.join('\n')}\n`
    job.written += lines.length
    await new Promise(setImmediate)
  }
}

/** Splits a name such as `identities[0].connection` into its steps. */
function stepsOf(name: string): string[] {
  return name.split(/[.[\]]+/).filter((step) => step !== '')
}

function valueAt(user: Record<string, unknown>, steps: string[]): unknown {
  return steps.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<string, unknown>)[step]
        : undefined,
    user,
  )
}

const csvTitle = (title: string) => (/[",\n]/.test(title) ? `"${title.replaceAll('"', '""')}"` : title)

/**
 * Formats a value for CSV. As at Auth0, a text gets a single quote in front, unless it is one of Auth0's dates, so that no
 * spreadsheet reads the text as a formula.
 */
function csvValue(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(text)) return text
  return `"'${text.replaceAll('"', '""')}"`
}
