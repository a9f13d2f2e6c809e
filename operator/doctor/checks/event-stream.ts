import { found } from '../catalogue'
import type { Check } from '../facts'

/** The events that tell of links and unlinks. */
const NEEDED = ['user.updated', 'user.deleted']

/** Whether the tenant has an enabled event stream to the service, if the service listens to one. */
export const checkEventStream: Check = ({ config, eventStreams }) => {
  if (config.auth0EventsSecret === undefined || !eventStreams) return []
  const url = `${config.appBaseUrl}/auth0-events`
  const ours = eventStreams.filter((stream) => stream.url === url)
  const enabled = ours.filter(({ isEnabled }) => isEnabled)
  if (ours.length === 0)
    return [
      found(
        'event_stream_missing',
        `No event stream of the tenant leads to ${url}.`,
        'Create it as docs/reference/links-by-others.md says, or remove AUTH0_EVENTS_SECRET.',
      ),
    ]
  if (enabled.length === 0)
    return [
      found(
        'event_stream_disabled',
        `The event stream to ${url} is disabled.`,
        'Look at its health in the dashboard, enable it, and redeliver what failed.',
      ),
    ]
  const missing = NEEDED.filter((type) => !enabled.some(({ types }) => types.includes(type)))
  if (missing.length === 0) return []
  return [
    found(
      'event_stream_incomplete',
      `The event stream to ${url} lacks ${missing.join(' and ')}.`,
      'Add the events to the stream.',
    ),
  ]
}
