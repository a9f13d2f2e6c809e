import type { AccountName } from './connected-account'
import { ProviderMark } from './provider-mark'

/** An account as its owner knows it: mark, provider, label. */
export function AccountBadge({ account, badge }: { account: AccountName; badge?: string | undefined }) {
  return (
    <>
      <span className="mt-0.5 grid size-11 shrink-0 place-items-center rounded-xl bg-sunken">
        <ProviderMark name={account.mark} />
      </span>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <bdi className="font-semibold [overflow-wrap:anywhere]">{account.provider}</bdi>{' '}
          {badge && (
            <span className="rounded-full bg-accent-soft px-2.5 py-0.5 text-xs font-medium text-accent-ink">
              {badge}
            </span>
          )}
        </p>
        <p className="text-quiet [overflow-wrap:anywhere]">
          <bdi>{account.label}</bdi>
        </p>
      </div>
    </>
  )
}
