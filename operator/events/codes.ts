/**
 * What each code of `npm run events` means, and what to do about it. A table in docs/events.md is generated from this.
 * @module
 */
import type { CodeEntry } from '../shared/code-catalogue'
import type { EventsErrorCode } from './error'

/** Codes of errors, and of warnings after which the command goes on. */
export const EVENTS_CODES: Record<EventsErrorCode | 'events_missed', CodeEntry> = {
  bad_arguments: { what: 'The command does not take these arguments', fix: 'As the sentence says' },
  events_missed: {
    what: 'A warning: the last event that was read is not in the stream any more, so there may be a gap before the next line. Redis lost its data, or more events came meanwhile than the stream keeps',
    fix: 'Look for `account_event` lines in the log of that time',
  },
  redis_not_configured: {
    what: 'The environment has no `REDIS_URL`, or one that is no Redis URL. Without Redis there is no stream',
    fix: "Run the command with the service's environment, or pass `--env FILE`",
  },
  redis_refused: {
    what: 'Redis answered with an error, whose first word is in the sentence',
    fix: 'With `WRONGPASS` or `NOAUTH` look at the password in `REDIS_URL`, with `NOPERM` at the rights of its user',
  },
  redis_unreachable: {
    what: 'There is no connection to Redis. After it was there once, this is a warning, and the command tries again each second',
    fix: 'Run the command where `REDIS_URL` can be reached',
  },
}
