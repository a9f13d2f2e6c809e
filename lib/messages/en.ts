import 'server-only'
import type { LinkingErrorCode } from '@/core/errors'
import english from '../../messages/en.json'
import { readMessages } from './read-messages'

/** The sentences of an error page for each error code: what happened, and what to do next. */
type ErrorWords = Record<LinkingErrorCode, Record<'title' | 'what' | 'next', string>>

/**
 * All sentences that people read, in English. Use this for types and in tests only. To respond to people, load one language with
 * {@link loadMessages}.
 */
export const en = readMessages('en', { ...english, errors: english.errors satisfies ErrorWords })

/** The sentences of one language. */
export type Messages = typeof en
