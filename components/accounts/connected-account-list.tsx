import { type AccountView, Tile } from '../ui/account-tile'
import { ButtonLink } from '../ui/button-link'

/** A row of the "Sign-in methods" page: one sign-in method of the person's account. */
export interface ConnectedAccount {
  /** Unique among the rows. It contains no id of the tenant. */
  key: string
  account: AccountView
  /** When and how the sign-in method was added to the account; undefined if that is not recorded. */
  since: string | undefined
  /** Further sentences about the sign-in method. */
  remarks: string[]
  /** The word that marks the main sign-in method, with which the account began. */
  badge: string | undefined
  /** The actions that the person can take with the sign-in method. */
  links: { label: string; name: string; href: string }[]
}

/** The list of all sign-in methods of the account. */
export function ConnectedAccountList({ title, accounts }: { title: string; accounts: ConnectedAccount[] }) {
  return (
    <section aria-labelledby="methods">
      <h2 id="methods" className="sr-only">
        {title}
      </h2>
      <ul className="tiles">
        {accounts.map((account) => (
          <Row key={account.key} account={account} />
        ))}
      </ul>
    </section>
  )
}

function Row({ account: { account, badge, since, remarks, links } }: { account: ConnectedAccount }) {
  return (
    <li className="tile">
      <Tile tile={{ account }} badge={badge}>
        {[...(since ? [since] : []), ...remarks].map((remark) => (
          <span key={remark} className="quiet small">
            {remark}
          </span>
        ))}
      </Tile>
      {links.length > 0 && (
        <span className="acts">
          {links.map(({ label, name, href }) => (
            <ButtonLink key={href} href={href} look="plain" aria-label={name}>
              {label}
            </ButtonLink>
          ))}
        </span>
      )}
    </li>
  )
}
