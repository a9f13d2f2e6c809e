import 'server-only'
import { redirect } from 'next/navigation'
import { parseEnding } from '@/core'
import type { Account } from '@/lib/auth0/account'
import type { ManagementApi } from '@/lib/auth0/management-api'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { logEvent } from '@/lib/observability/log'
import type { Session } from '@/lib/session/session'
import { signInPath } from '@/lib/session/sign-in-path'
import { type Outcome, refusalOf, SettingsRefusedError } from '@/lib/sign-in-methods/account-refusal'
import { continueEnding } from '@/lib/sign-in-methods/end-sessions/end-access'
import { readOwnAccount } from '@/lib/sign-in-methods/session-account'
import { SIGN_IN_METHODS_PATH } from './paths'
import type { CallServices } from './services'

/** Reads the account of the person who is signed in. Returns the account, or the code that says why it cannot be shown. */
export async function ownAccount(
  services: CallServices,
  api: ManagementApi,
  session: Session,
): Promise<Outcome<Account>> {
  try {
    return {
      done: await readOwnAccount(api, session).catch((error: unknown) =>
        onceEnded(services, api, session, error),
      ),
    }
  } catch (error) {
    const code = refusalOf(error)
    if (error instanceof ManagementApiError) {
      logEvent('account_not_read', { code, status: error.status })
      // The person's token is no longer valid, and only a new sign-in renews it.
      if (services.linkingAuthority === 'user' && error.status === 401)
        redirect(signInPath(SIGN_IN_METHODS_PATH))
    }
    return { refused: code }
  }
}

/** How long a view of the page waits for older sessions to end, in milliseconds. */
const ENDING_WAIT_MS = 2_500

/**
 * Ends the older sessions of an account that refused the current session, and reads the account again. While older sessions must still
 * end, the account records only the latest time at which its change can have happened, so a session that began just after the change
 * is refused as well.
 */
async function onceEnded(
  services: CallServices,
  api: ManagementApi,
  session: Session,
  error: unknown,
): Promise<Account> {
  if (!(error instanceof SettingsRefusedError && error.code === 'reauth_required')) throw error
  const account = await api.getUser(session.userId)
  if (!parseEnding(account) || !(await continueEnding(services, account, ENDING_WAIT_MS))) throw error
  return readOwnAccount(api, session)
}
