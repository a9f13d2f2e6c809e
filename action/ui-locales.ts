import type { PostLoginEvent } from './auth0'

/** The languages that a login asks for: BCP 47 tags, space separated, best first; empty if it asks for none. */
export const uiLocalesOf = ({ transaction }: Pick<PostLoginEvent, 'transaction'>): string =>
  [transaction?.ui_locales].flat().join(' ')
