import { AccountName, type AccountView } from '@/components/linking/account-name'

/** One of the two accounts: which part it plays, and whose it is once the person has signed in. */
export interface AccountSlot {
  part: string
  account: AccountView | undefined
}

/** Both accounts, side by side if there is room. */
export function AccountSlots({ slots, nobody }: { slots: AccountSlot[]; nobody: string }) {
  return (
    <dl className="grid gap-4 sm:grid-cols-2">
      {slots.map(({ part, account }) => (
        <div key={part} className="min-w-0 rounded-2xl border border-edge bg-raised px-5 py-4">
          <dt className="text-sm text-quiet">{part}</dt>
          <dd
            className={`mt-1 [overflow-wrap:anywhere] ${account ? 'font-semibold first-letter:uppercase' : 'text-quiet'}`}
          >
            {account ? <AccountName account={account} /> : nobody}
          </dd>
        </div>
      ))}
    </dl>
  )
}
