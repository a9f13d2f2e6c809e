import { Fragment } from 'react'
import { DateText } from '../ui/date'
import { AccountBadge } from './account-badge'
import type { ConnectedAccount, ListWords } from './connected-account'

/** One way in: provider, account, since when and how, and what can be done with it. */
export function ConnectedAccountRow({ account, words }: { account: ConnectedAccount; words: ListWords }) {
  const { since, how, remarks, links } = account
  return (
    <li className="px-5 py-5 sm:px-6">
      <div className="flex gap-4">
        <AccountBadge account={account.account} badge={account.badge} />
      </div>
      <div className="sm:ml-15">
        <p className="mt-2 text-sm text-quiet">
          {since ? (
            <>
              {words.since} <DateText date={since} />
            </>
          ) : (
            words.sinceUnknown
          )}
          {how && `, ${how}`}
        </p>
        {remarks.map((remark) => (
          <p key={remark} className="mt-1 text-sm text-quiet">
            {remark}
          </p>
        ))}
        {links.length > 0 && (
          <p className="mt-1 flex flex-wrap gap-x-5">
            {links.map(({ label, name, href }) => (
              <Fragment key={href}>
                <a
                  href={href}
                  aria-label={name}
                  className="inline-flex min-h-11 items-center text-accent-ink underline underline-offset-4"
                >
                  {label}
                </a>{' '}
              </Fragment>
            ))}
          </p>
        )}
      </div>
    </li>
  )
}
