/**
 * `/api/v2/users/{id}/enrollments`, `/api/v2/guardian/enrollments/ticket`, and the page that a ticket opens.
 * @module
 */
import { Hono } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { randomToken } from '../login/transactions'
import { masked, methodsOf } from '../management/authentication-method'
import { type ManagementEnv, requireScope } from '../management/management-auth'
import { parsePart } from '../management/management-errors'
import { requireUser } from '../management/management-rights'
import { parseUserId, UserIdText } from '../management/parse-user-id'
import { readPayload } from '../management/payload'
import { errorPage } from '../pages/login-pages'
import { renderPage, TENANT_NOTE } from '../pages/page'
import { factorsOf, rightsOf } from '../rights'
import type { StoredMethod } from '../rights-model'
import type { TenantState } from '../state'
import type { Endpoint, TenantParts } from '../tenant-parts'
import { methodId } from '../world/world-rights'

/** How long a ticket is valid: five days. */
const TICKET_MS = 5 * 86_400_000

/** Auth0's names of the methods that `/users/{id}/enrollments` lists. This older endpoint leaves out all others. */
const LISTED: Partial<Record<StoredMethod['type'], string>> = {
  totp: 'authenticator',
  phone: 'sms',
  push: 'guardian',
  'webauthn-roaming': 'webauthn-roaming',
  'webauthn-platform': 'webauthn-platform',
}

const NewTicket = z.strictObject({
  user_id: UserIdText.describe('user_id for the enrollment ticket'),
  email: z.string().optional(),
  send_mail: z.boolean().optional(),
  email_locale: z.string().optional(),
  factor: z
    .enum(['push-notification', 'phone', 'email', 'otp', 'webauthn-roaming', 'webauthn-platform'])
    .optional(),
  allow_multiple_enrollments: z.boolean().optional(),
})

/**
 * Lists a user's enrollments, and creates tickets with which a user enrolls a second factor. No mail is sent.
 *
 * @see https://auth0.com/docs/api/management/v2/users/get-enrollments
 * @see https://auth0.com/docs/api/management/v2/guardian/post-ticket
 */
export function enrollments(state: TenantState): Hono<ManagementEnv> {
  const app = new Hono<ManagementEnv>()

  app.get('/api/v2/users/:id/enrollments', (context) => {
    const id = parseUserId(context.req.param('id'))
    requireScope(context.get('caller'), ['read:users', 'read:current_user'], id)
    const listed = methodsOf(requireUser(state, id)).filter(({ type }) => LISTED[type] !== undefined)
    return context.json(listed.map(toManagementEnrollment))
  })

  app.post('/api/v2/guardian/enrollments/ticket', async (context) => {
    requireScope(context.get('caller'), ['create:guardian_enrollment_tickets'])
    const input = parsePart(NewTicket, await readPayload(context.req), 'Payload')
    requireUser(state, input.user_id)
    const ticket = randomToken()
    state.enrollmentTickets.set(ticket, {
      userId: input.user_id,
      expiresAt: state.now() + TICKET_MS,
      allowsMore: input.allow_multiple_enrollments ?? false,
    })
    context.set('effect', 'create')
    const url = `${state.settings.loginOrigin}/u/enroll?ticket=${ticket}`
    return context.json({ ticket_id: ticket, ticket_url: url })
  })

  return app
}

/** The page that a ticket opens. Its button enrolls a one-time code. A ticket works once. */
export function enroll({ state }: TenantParts): Endpoint {
  return (context) => {
    const id = context.req.query('ticket') ?? ''
    const ticket = state.enrollmentTickets.get(id)
    const user = state.users.get(ticket?.userId ?? '')
    const isOpen = ticket && ticket.expiresAt > state.now() && user
    if (!isOpen || (factorsOf(user).length > 0 && !ticket.allowsMore)) {
      return context.html(errorPage('invalid_ticket', 'This link is not valid, or was already used.'), 400)
    }
    if (context.req.method !== 'POST') {
      const action = `/u/enroll?ticket=${id}`
      const form = html`<p>Add a one-time code to ${user.email ?? user.user_id}. Here it is always 000000.</p>
<form method="post" action="${action}"><button>Continue</button></form>`
      return context.html(renderPage('Secure your account', form, TENANT_NOTE))
    }
    state.enrollmentTickets.delete(id)
    const now = new Date(state.now()).toISOString()
    rightsOf(user).authentication_methods.push({ id: methodId('totp', id), type: 'totp', created_at: now })
    context.set('effect', 'patch')
    return context.html(
      renderPage('Your account is secured', html`<p>You can close this page.</p>`, TENANT_NOTE),
    )
  }
}

function toManagementEnrollment(method: StoredMethod): Record<string, unknown> {
  const { id, type, created_at: at, name, phone_number: phone } = masked(method)
  return {
    id: id.replace(/^[^|]+\|/, ''),
    status: 'confirmed',
    type,
    auth_method: LISTED[type],
    ...(name !== undefined && { name }),
    ...(phone !== undefined && { identifier: phone, phone_number: phone }),
    enrolled_at: at,
  }
}
