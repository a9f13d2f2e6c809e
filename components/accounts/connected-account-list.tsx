import type { ConnectedAccount } from './connected-account'
import { ConnectedAccountRow } from './connected-account-row'

/** All ways into the account, and what having several of them means. */
export function ConnectedAccountList({ accounts }: { accounts: ConnectedAccount[] }) {
  return (
    <section aria-labelledby="methods">
      <h2 id="methods" className="text-lg font-semibold">
        {accounts.length === 1 ? 'One way to sign in' : `${accounts.length} ways to sign in`}
      </h2>
      <ul className="mt-4 divide-y divide-edge rounded-2xl border border-edge bg-raised">
        {accounts.map((account) => (
          <ConnectedAccountRow key={account.key} account={account} />
        ))}
      </ul>
    </section>
  )
}
