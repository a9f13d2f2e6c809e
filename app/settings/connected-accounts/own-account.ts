import 'server-only'
import { redirect } from 'next/navigation'
import { refusalOf } from '@/lib/accounts/refused'
import { readOwnAccount } from '@/lib/accounts/session-account'
import type { Account } from '@/lib/auth0/account'
import type { ManagementApi } from '@/lib/auth0/management-api'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { config } from '@/lib/config'
import type { SettingsRefusal } from '@/lib/linking/errors'
import { logEvent } from '@/lib/log'
import { type Session, signInPath } from '@/lib/session/session'
import { PAGE } from './paths'

/** The account of whoever is signed in, fresh, or why it cannot be shown. */
export async function ownAccount(api: ManagementApi, session: Session): Promise<Account | SettingsRefusal> {
  try {
    return await readOwnAccount(api, session)
  } catch (error) {
    const code = refusalOf(error)
    if (error instanceof ManagementApiError) {
      logEvent('account_not_read', { code, status: error.status })
      // Nothing renews the person's own token but a new sign-in.
      if (config().linkingAuthority === 'user' && error.status === 401) redirect(signInPath(PAGE))
    }
    return code
  }
}
