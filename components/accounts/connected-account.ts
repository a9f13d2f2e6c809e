/** A row of the "Sign-in methods" page: one way in of the signed-in person. */
export interface ConnectedAccount {
  /** Unique among the rows; carries no id of the tenant. */
  key: string
  /** What the provider calls itself: "Google", "E-mail and password". */
  providerName: string
  /** Which mark stands beside the name. */
  mark: ProviderMarkName
  /** How the person knows this account: an address, user name or number; undefined where the provider sent none. */
  label: string | undefined
  /** Since when this is a way into the account: ISO 8601, or undefined where that is not recorded. */
  since: string | undefined
  isPrimary: boolean
}

/** The marks there are. */
export type ProviderMarkName = 'google' | 'github' | 'apple' | 'email' | 'password' | 'phone' | 'enterprise'
