import type { Messages } from '@/lib/messages/en'
import type { AccountWords } from './account-view'

/** The page's sentences, and those of others that it says too. */
export type BrowserLinkingWords = Messages['browserLinking'] &
  AccountWords &
  Pick<Messages['effects'], 'devices'>
