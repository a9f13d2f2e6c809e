import { type AccountView, Tile } from '@/components/ui/account-tile'

/** One of the two accounts: the part it plays, and the account itself once the person has signed in to it. */
export interface AccountSlot {
  part: string
  account: AccountView | undefined
}

/** Shows both accounts, one below the other. */
export function AccountSlots({ slots, notSignedIn }: { slots: AccountSlot[]; notSignedIn: string }) {
  return (
    <ul className="tiles">
      {slots.map(({ part, account }) => (
        <li key={part} className="tile">
          <Tile tile={{ account: account ?? { provider: notSignedIn, icon: 'other' }, tag: part }} />
        </li>
      ))}
    </ul>
  )
}
