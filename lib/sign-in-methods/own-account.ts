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

/**
 * Reads the account of the person who is signed in. With `LINKING_AUTHORITY=user`, redirects to the sign-in if the person's
 * token is no longer valid.
 *
 * @returns The account, or the code that says why it cannot be shown.
 */
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
      // Only a new sign-in renews a person's token.
      if (services.linkingAuthority === 'user' && error.status === 401)
        redirect(signInPath(SIGN_IN_METHODS_PATH))
    }
    return { refused: code }
  }
}

/** How long a view of the page waits for older sessions to end, in milliseconds. */
const ENDING_WAIT_MS = 2_500

/**
 * Handles an error of {@link readOwnAccount}. If the session is no longer valid and sessions of the account must still end,
 * ends those and reads the account again. Until they have ended, sign-ins in the second of the change are refused too,
 * because they may be older than the change. After a link, they are then valid again.
 *
 * @throws `error`, unless the second read succeeds.
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
