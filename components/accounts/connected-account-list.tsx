import type { ConnectedAccount, ListWords } from './connected-account'
import { ConnectedAccountRow } from './connected-account-row'

/** All ways into the account. */
export function ConnectedAccountList({
  accounts,
  words,
}: {
  accounts: ConnectedAccount[]
  words: ListWords
}) {
  return (
    <section aria-labelledby="methods">
      <h2 id="methods" className="text-lg font-semibold">
        {words.title}
      </h2>
      <ul className="mt-4 divide-y divide-edge rounded-2xl border border-edge bg-raised">
        {accounts.map((account) => (
          <ConnectedAccountRow key={account.key} account={account} words={words} />
        ))}
      </ul>
    </section>
  )
}
