import { AccountLinkingError } from '../../core/errors'

/** Codes that say why `npm run events` cannot continue. */
export type EventsErrorCode = 'bad_arguments' | 'redis_not_configured' | 'redis_refused' | 'redis_unreachable'

/** The command cannot continue. `code` is stable and listed in docs/events.md; the message contains no password. */
export class EventsError extends AccountLinkingError<EventsErrorCode> {
  override readonly name = 'EventsError'
}
