import { type AccountView, Tile } from '../ui/account-tile'
import { ButtonLink } from '../ui/button-link'

/** A row of the "Sign-in methods" page: one way in of the signed-in person. */
export interface ConnectedAccount {
  /** Unique among the rows; carries no id of the tenant. */
  key: string
  account: AccountView
  /** Since when and how it is a way into the account, as far as that is recorded. */
  since: string | undefined
  /** What is to be said about it, a sentence each. */
  remarks: string[]
  /** The word beside the name of the one the account began with. */
  badge: string | undefined
  /** What can be done with it. */
  links: { label: string; name: string; href: string }[]
}

/** All ways into the account. */
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
