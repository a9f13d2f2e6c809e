/** An account that a search has found. */
export interface FoundAccount {
  userId: string
  email: string
  about: string
  href: string
}

/** The accounts that a search has found. */
export function FoundAccounts({ accounts }: { accounts: FoundAccount[] }) {
  return (
    <section aria-labelledby="found">
      <h2 id="found">{accounts.length === 0 ? 'No account found' : 'Accounts'}</h2>
      {accounts.length === 0 ? (
        <p>
          The search is exact: a whole email address, a user ID, or the ID of an identity that is part of
          another account.
        </p>
      ) : (
        <ul className="tiles">
          {accounts.map(({ userId, email, about, href }) => (
            <li key={userId} className="tile">
              <span className="who">
                <a href={href}>
                  <bdi>{userId}</bdi>
                </a>
                <span className="quiet">
                  <bdi>{email}</bdi>
                </span>
                <span className="quiet small">{about}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
