import { AccountName, type AccountView } from './account-name'

/** An account that the browser is left signed in to at the tenant. */
export interface SignOutView {
  lead: string
  account: AccountView
  label: string
  href: string
}

/** Says which account the browser is left signed in to, and offers to sign out of it. */
export function SignOutNote({ signOut: { lead, account, label, href } }: { signOut: SignOutView }) {
  return (
    <p className="note">
      {`${lead} `}
      <AccountName account={account} />.{' '}
      <a className="touch" href={href}>
        {label}
      </a>
    </p>
  )
}
