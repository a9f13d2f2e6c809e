import type { Messages } from '@/lib/messages/en'
import type { AccountWords } from './account-view'

/** The page's sentences, and those that it shares with other pages. */
export type BrowserLinkingWords = Messages['browserLinking'] &
  AccountWords &
  Pick<Messages['effects'], 'devices'>
