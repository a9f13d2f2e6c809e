import type { ConnectedAccount } from './connected-account'
import { ProviderMark } from './provider-mark'

const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' })

/** One way in: provider, account, since when, and whether it is the one the account began with. */
export function ConnectedAccountRow({ account }: { account: ConnectedAccount }) {
  return (
    <li className="flex gap-4 px-5 py-5 sm:px-6">
      <span className="mt-0.5 grid size-11 shrink-0 place-items-center rounded-xl bg-sunken">
        <ProviderMark name={account.mark} />
      </span>
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-semibold">{account.providerName}</span>
          {account.isPrimary && (
            <span className="rounded-full bg-accent-soft px-2.5 py-0.5 text-xs font-medium text-accent-ink">
              Primary
            </span>
          )}
        </p>
        <p className="text-quiet [overflow-wrap:anywhere]">
          {account.label ? <bdi>{account.label}</bdi> : 'No address or name recorded'}
        </p>
        <p className="mt-1 text-sm text-quiet">
          {account.since ? (
            <>
              Since <time dateTime={account.since}>{DATE.format(new Date(account.since))}</time>
            </>
          ) : (
            'Since: not recorded'
          )}
        </p>
        {account.isPrimary && (
          <p className="mt-2 text-sm text-quiet">
            Applications know you by this one. Whichever you use to sign in, you arrive in the same account.
          </p>
        )}
      </div>
    </li>
  )
}
