import type { Metadata } from 'next'
import { ConnectedAccountList } from '@/components/accounts/connected-account-list'
import { LastOutcomeNotice } from '@/components/accounts/last-outcome-notice'
import { ButtonLink } from '@/components/ui/button-link'
import type { Account } from '@/lib/auth0/account'
import { getUser } from '@/lib/auth0/management-api'
import { ManagementApiError, type ManagementApiErrorCode } from '@/lib/auth0/management-api-error'
import { logEvent } from '@/lib/log'
import { requireSession } from '@/lib/session/session'
import { AccountProblem } from './account-problem'
import { lastOutcome } from './last-outcome'
import { toConnectedAccounts } from './to-connected-accounts'

/** The page's title. */
export const metadata: Metadata = { title: 'Sign-in methods' }

/** "Sign-in methods": the identities of the signed-in account, as the tenant has them now. */
export default async function ConnectedAccountsPage() {
  const session = await requireSession('/settings/connected-accounts')
  const account = await readAccount(session.userId)
  if (typeof account === 'string') return <AccountProblem code={account} />
  if (account.blocked) return <AccountProblem code="blocked" />

  const last = lastOutcome(account)
  return (
    <main className="mx-auto w-full max-w-4xl flex-1 px-5 py-10 sm:py-16">
      <div className="flex flex-wrap items-start justify-between gap-4">
        <h1 className="text-3xl font-semibold">Sign-in methods</h1>
        <ButtonLink href="/auth/logout" look="plain">
          Sign out
        </ButtonLink>
      </div>
      <p className="mt-3 mb-10 max-w-2xl text-quiet">
        Each of these opens the same account: yours. When you sign in another way with the same verified
        address, you are asked whether it is to be connected too.
      </p>
      {last && <LastOutcomeNotice outcome={last} />}
      <ConnectedAccountList accounts={await toConnectedAccounts(account)} />
      <p className="mt-8 max-w-2xl text-sm text-quiet">
        These are ways to sign in. They are not the &ldquo;Connected Accounts&rdquo; of Auth0&rsquo;s Token
        Vault, which let an application call other services in your name.
      </p>
    </main>
  )
}

async function readAccount(userId: string): Promise<Account | ManagementApiErrorCode> {
  try {
    return await getUser(userId)
  } catch (error) {
    if (!(error instanceof ManagementApiError)) throw error
    logEvent('account_not_read', { code: error.code, status: error.status })
    return error.code
  }
}
