/**
 * `/u/email-verification`: the page that the link in a verification mail opens.
 * @module
 */
import { html } from 'hono/html'
import type { SentMail } from '../control/records'
import { errorPage } from '../pages/login-pages'
import { renderPage, TENANT_NOTE } from '../pages/page'
import type { TenantState } from '../state'
import type { Endpoint, TenantParts } from '../tenant-parts'

/**
 * Marks the email address of an identity as verified, if the identity still has the address that the mail was sent to. The
 * link works once.
 *
 * @see https://auth0.com/docs/manage-users/user-accounts/verify-emails
 */
export function emailVerification({ state }: TenantParts): Endpoint {
  return (context) => {
    const asked = new URL(context.req.url).searchParams.get('ticket')
    const mail = state.sentMails.find(({ url }) => new URL(url).searchParams.get('ticket') === asked)
    if (!mail || !verify(state, mail)) {
      return context.html(errorPage('invalid_ticket', 'This link is not valid, or was already used.'), 400)
    }
    context.set('effect', 'patch')
    return context.html(
      renderPage('Your address is verified', html`<p>You can close this page.</p>`, TENANT_NOTE),
    )
  }
}

function verify(state: TenantState, mail: SentMail): boolean {
  if (mail.used) return false
  const { provider, user_id: id } = mail.identity
  const user = state.findUserByIdentity(provider, id)
  const identity = user?.identities.find((each) => each.provider === provider && each.user_id === id)
  if (!user || !identity) return false
  const isOwn = identity === user.identities[0]
  if ((isOwn ? user.email : identity.profileData?.email) !== mail.to) return false
  if (isOwn) user.email_verified = true
  else identity.profileData = { ...identity.profileData, email_verified: true }
  user.updated_at = new Date(state.now()).toISOString()
  mail.used = true
  state.publish('user.updated', user)
  return true
}
