import type { PostLoginEvent } from './auth0'

/** The login's `ui_locales`: BCP 47 tags separated by spaces, best first; empty if there are none. */
export const uiLocalesOf = ({ transaction }: Pick<PostLoginEvent, 'transaction'>): string =>
  [transaction?.ui_locales].flat().join(' ')
