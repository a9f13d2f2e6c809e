/** An account as a person knows it: how it is opened, and its masked address. */
export interface AccountView {
  provider: string
  /** Masked; absent if the address is not known. */
  email: string | undefined
  /** The word between both, such as "as". */
  as: string
  /** What else tells it from another account of that name, such as "since 5 March 2023". */
  since?: string | undefined
}

/** Names an account; names are isolated, so that their writing direction cannot turn the sentence around them. */
export function AccountName({ account }: { account: AccountView }) {
  return (
    <>
      <bdi>{account.provider}</bdi>
      {account.email && (
        <>
          {` ${account.as} `}
          <bdi>{account.email}</bdi>
        </>
      )}
      {account.since && ` (${account.since})`}
    </>
  )
}
