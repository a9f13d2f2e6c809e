/**
 * `/api/v2/jobs`: starts jobs that send a verification mail, and reads jobs of every type.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { doorOf } from '../door'
import { findExport, readExport } from '../management/export-job'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { requireClient } from '../management/management-client'
import { ManagementRefusal, parsePart, userMissing } from '../management/management-errors'
import { ConnectionId, UserIdText } from '../management/parse-user-id'
import { readPayload } from '../management/payload'
import type { StoredIdentity, StoredJob, StoredUser } from '../model'
import type { TenantState } from '../state'

const VerificationEmail = z.strictObject({
  user_id: UserIdText.describe('user_id of the user to send the verification email to.'),
  client_id: z
    .string()
    .describe(
      'client_id of the client (application). If no value provided, the global Client ID will be used.',
    )
    .optional(),
  identity: z
    .strictObject({
      user_id: z.string(),
      provider: z.string(),
      connection_id: ConnectionId.optional(),
    })
    .describe(
      'This must be provided to verify primary social, enterprise and passwordless email identities. Also, is needed to verify secondary identities.',
    )
    .optional(),
  organization_id: z.string().optional(),
})

/**
 * Starts a job that mails a verification link, and reads jobs. The mail is not sent but stored in `state.sentMails`. The
 * link in the mail works.
 *
 * @see https://auth0.com/docs/api/management/v2/jobs/post-verification-email
 */
export function jobs(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.post('/api/v2/jobs/verification-email', async (context) => {
    requireScope(context.get('caller'), ['update:users'])
    const input = parsePart(VerificationEmail, await readPayload(context.req), 'Payload')
    const user = state.users.get(input.user_id)
    if (!user) throw userMissing()
    if (input.client_id !== undefined) requireClient(state, input.client_id)
    if (input.organization_id !== undefined) {
      throw new ManagementRefusal(400, 'The organization does not exist')
    }
    const identity = identityToVerify(state, user, input.identity)
    const email = identity === user.identities[0] ? user.email : identity.profileData?.email
    if (typeof email !== 'string' || email === '') {
      throw new ManagementRefusal(400, 'User does not have an email address.')
    }
    const at = new Date(state.now()).toISOString()
    const ticket = randomBytes(24).toString('base64url')
    state.sentMails.push({
      at,
      type: 'verification_email',
      to: email,
      user_id: user.user_id,
      identity: { provider: identity.provider, user_id: identity.user_id },
      client_id: input.client_id ?? null,
      url: `${state.settings.loginOrigin}/u/email-verification?ticket=${ticket}`,
    })
    const job: StoredJob = {
      type: 'verification_email',
      status: 'pending',
      created_at: at,
      id: `job_${randomBytes(8).toString('hex')}`,
    }
    // The mail is already stored, but the response says `pending`, as Auth0's does.
    state.jobs.set(job.id, { ...job, status: 'completed' })
    context.set('effect', 'create')
    return context.json(job, 201)
  })

  app.get('/api/v2/jobs/:id', (context) => {
    requireScope(context.get('caller'), ['create:users', 'read:users'])
    const id = context.req.param('id')
    const exported = findExport(state.exports, id, state.now())
    if (exported) {
      return context.json(readExport(exported, doorOf(state, context.req.url).origin, state.now()))
    }
    const job = state.jobs.get(id)
    if (!job) throw new ManagementRefusal(404, 'Job not found.')
    return context.json(job)
  })

  return app
}

/**
 * Returns the identity that the request names, or else the user's own first identity. The request may leave out the identity
 * for database accounts only.
 */
function identityToVerify(
  state: TenantState,
  user: StoredUser,
  named: z.output<typeof VerificationEmail>['identity'],
): StoredIdentity {
  const [own] = user.identities
  if (!named) {
    if (own?.provider === 'auth0') return own
    throw new ManagementRefusal(400, 'Connection must be a database connection.')
  }
  const connection = state.connections.find(({ id }) => id === named.connection_id)
  if (named.connection_id !== undefined && !connection) {
    throw new ManagementRefusal(400, 'Identity connection does not exist.')
  }
  const identity = user.identities.find(
    (each) =>
      each.provider === named.provider &&
      each.user_id === named.user_id &&
      (connection === undefined || each.connection === connection.name),
  )
  if (identity) return identity
  throw new ManagementRefusal(400, 'The user exists, but does not contain the given identity.')
}
