/**
 * Exports of users: `POST /api/v2/jobs/users-exports`, and the link to the file.
 * @module
 */
import { Hono } from 'hono'
import { findExport, pendingExport, startExport, UsersExport } from '../management/export-job'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { ManagementRefusal, parsePart } from '../management/management-errors'
import { readObject } from '../management/payload'
import type { TenantState } from '../state'

/**
 * Starts exports, and serves their files. A link to a file works for 60 s and needs no token. After that the response is
 * 403, and a new read of the job returns a new link.
 *
 * @see https://auth0.com/docs/api/management/v2/jobs/post-users-exports
 */
export function userExports(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.post('/api/v2/jobs/users-exports', async (context) => {
    requireScope(context.get('caller'), ['read:users'])
    const input = parsePart(UsersExport, await readObject(context.req), 'Payload')
    const connection = state.connections.find(({ id }) => id === input.connection_id)
    if (input.connection_id !== undefined && !connection) {
      throw new ManagementRefusal(400, 'The connection does not exist.', 'inexistent_connection')
    }
    const job = startExport(input, connection, state.users.values(), state.now())
    state.exports.set(job.id, job)
    return context.json(pendingExport(job))
  })

  app.get('/user-exports/:id/:file', (context) => {
    const job = findExport(state.exports, context.req.param('id'), state.now())
    const end = job?.links.get(context.req.query('Signature') ?? '')
    if (!job?.file || end === undefined || end <= state.now()) {
      return context.body('<Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>', 403, {
        'content-type': 'application/xml',
      })
    }
    return context.body(new Uint8Array(job.file), 200, {
      'content-type': 'application/gzip',
      'content-length': String(job.file.length),
      'content-disposition': `attachment; filename="local.${job.request.format}.gz"`,
    })
  })

  return app
}
