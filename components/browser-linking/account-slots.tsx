import { type AccountView, Tile } from '@/components/ui/account-tile'

/** One of the two accounts: which part it plays, and whose it is once the person has signed in. */
export interface AccountSlot {
  part: string
  account: AccountView | undefined
}

/** Both accounts, one below the other. */
export function AccountSlots({ slots, notSignedIn }: { slots: AccountSlot[]; notSignedIn: string }) {
  return (
    <ul className="tiles">
      {slots.map(({ part, account }) => (
        <li key={part} className="tile">
          <Tile tile={{ account: account ?? { provider: notSignedIn, mark: 'other' }, tag: part }} />
        </li>
      ))}
    </ul>
  )
}
