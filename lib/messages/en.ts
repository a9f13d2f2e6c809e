import 'server-only'
import type { LinkingErrorCode } from '@/core/errors'
import english from '../../messages/en.json'
import { readMessages } from './read-messages'

/** What an error page says: what happened, and what to do next. Every code has its words. */
type ErrorWords = Record<LinkingErrorCode, Record<'title' | 'what' | 'next', string>>

/**
 * Every sentence that people read, in English. For types and tests: what answers people loads the sentences of one language, by
 * {@link loadMessages}.
 */
export const en = readMessages('en', { ...english, errors: english.errors satisfies ErrorWords })

/** The sentences of one language. */
export type Messages = typeof en
