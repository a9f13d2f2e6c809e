/**
 * Reads the arguments of `npm run events`.
 * @module
 */
import { parseArgs } from 'node:util'
import { EventsError } from './error'

const USAGE = `npm run events -- tail [--from ID] [--no-follow] [--env FILE]

  tail            prints each event as one line of JSON, and waits for the next
  --from ID       begins after the event whose "streamid" is ID; with '$' after the last one
  --no-follow     ends after the last event
  --env FILE      reads REDIS_URL from FILE

docs/events.md says what the stream holds.`

/** What to print. */
export interface TailOptions {
  /** Id of the entry to begin after, or `$` for the last one; `0` for the first entry that there is. */
  from: string
  /** Whether to wait for further events. */
  isFollowing: boolean
  /** Path of the file with the environment; undefined to read the files that `next start` reads. */
  env: string | undefined
}

/** An id of an entry in a stream: milliseconds and, if the command printed it, a number after a hyphen. */
const STREAM_ID = /^\d{1,16}(-\d{1,16})?$/

/**
 * Reads the arguments after the program's name.
 *
 * @throws {EventsError} `bad_arguments`
 */
export function readTailArguments(args: string[]): TailOptions {
  const { values, positionals } = parse(args)
  const from = values.from ?? '0'
  if (positionals.length !== 1 || positionals[0] !== 'tail') throw new EventsError('bad_arguments', USAGE)
  if (from !== '$' && !STREAM_ID.test(from))
    throw new EventsError('bad_arguments', "--from takes the streamid of an event, 0 or '$'.")
  return { from, isFollowing: !values['no-follow'], env: values.env }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: { from: { type: 'string' }, 'no-follow': { type: 'boolean' }, env: { type: 'string' } },
      strict: true,
      allowPositionals: true,
    })
  } catch (error) {
    throw new EventsError('bad_arguments', Object(error).message)
  }
}
