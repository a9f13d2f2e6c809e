/**
 * `/u/mfa-enroll`: enrolls a second factor that an Action asked for.
 * @module
 */
import { html } from 'hono/html'
import { runPostLogin } from '../actions/post-login'
import { recordFactor } from '../login/enroll'
import { answerLogin } from '../login/login-flow'
import { withPendingLogin } from '../login/pending-login'
import { randomToken } from '../login/transactions'
import { errorPage } from '../pages/login-pages'
import { renderPage, TENANT_NOTE } from '../pages/page'
import { rightsOf, typeOfFactor } from '../rights'
import { actionRequest, type Endpoint, type TenantParts } from '../tenant-parts'
import { toRights } from '../world/world-rights'

/**
 * Offers the factors, enrolls the one that the user chooses, and runs the remaining Actions. The enrolled factor counts as
 * proven in this login.
 */
export function mfaEnroll(parts: TenantParts): Endpoint {
  return withPendingLogin(parts, async (context, transaction, form) => {
    const { state, transactions } = parts
    const { enrolling } = transaction
    const user = state.users.get(enrolling?.login.userId ?? '')
    if (!enrolling || !user) {
      return context.html(errorPage('invalid_request', 'No factor is to be added in this sign-in.'), 400)
    }
    const factor = enrolling.factors.find((each) => each === form.factor)
    const type = typeOfFactor(factor ?? '')
    if (context.req.method !== 'POST' || type === undefined) {
      const buttons = enrolling.factors.map(
        (each) => html`<button name="factor" value="${each}">Add ${each}</button>`,
      )
      const action = `/u/mfa-enroll?state=${transaction.id}`
      const content = html`<form method="post" action="${action}">${buttons}</form>`
      return context.html(renderPage('Secure your account', content, TENANT_NOTE))
    }
    transactions.logins.delete(transaction.id)
    const now = new Date(state.now()).toISOString()
    const method = { type, id: `${type}|dev_${randomToken().slice(0, 16)}` }
    const owner = { user_id: user.user_id, email: user.email ?? undefined, created_at: now }
    rightsOf(user).authentication_methods.push(
      ...toRights({ authentication_methods: [method] }, owner).authentication_methods,
    )
    context.set('effect', 'patch')
    const { login } = enrolling
    recordFactor(state, login, { name: 'mfa', type: factor, timestamp: now })
    const seen = { method: context.req.method, query: transaction.request.query, body: {} }
    const outcome = await runPostLogin(parts, login, actionRequest(parts, context, seen))
    return answerLogin(parts, context, login, outcome)
  })
}
