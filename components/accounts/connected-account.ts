import type { DateView } from '../ui/date'

/** A row of the "Sign-in methods" page: one way in of the signed-in person. */
export interface ConnectedAccount {
  /** Unique among the rows; carries no id of the tenant. */
  key: string
  account: AccountName
  /** Since when this is a way into the account, if that is recorded. */
  since: DateView | undefined
  /** How it became one. */
  how: string | undefined
  /** What is to be said about it, a sentence each. */
  remarks: string[]
  /** The word beside the name of the one the account began with. */
  badge: string | undefined
  /** What can be done with it. */
  links: { label: string; name: string; href: string }[]
}

/** The words of the list. */
export interface ListWords {
  title: string
  since: string
  sinceUnknown: string
}

/** How a person knows an account. */
export interface AccountName {
  /** What the provider calls itself: "Google", "E-mail and password". */
  provider: string
  /** Which mark stands beside the name. */
  mark: ProviderMarkName
  /** An address, user name or number, or what stands in its place. */
  label: string
}

/** The marks there are. */
export type ProviderMarkName =
  | 'google'
  | 'github'
  | 'apple'
  | 'facebook'
  | 'linkedin'
  | 'microsoft'
  | 'email'
  | 'password'
  | 'phone'
  | 'enterprise'
