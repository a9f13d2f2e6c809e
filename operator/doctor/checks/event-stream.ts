import { STREAM_EVENTS, streamUrl } from '../../shared/event-stream'
import { createFinding } from '../catalogue'
import type { DoctorCheck } from '../facts'

/** Whether the tenant has an enabled event stream to the service, if the service listens to one. */
export const checkEventStream: DoctorCheck = ({ config, eventStreams }) => {
  if (config.auth0EventsSecret === undefined || !eventStreams) return []
  const url = streamUrl(config.appBaseUrl)
  const ours = eventStreams.filter((stream) => stream.url === url)
  const enabled = ours.filter(({ isEnabled }) => isEnabled)
  if (ours.length === 0)
    return [
      createFinding(
        'event_stream_missing',
        `No event stream of the tenant leads to ${url}.`,
        'Run npm run provision -- apply, or create it as docs/reference/links-by-others.md says.',
      ),
    ]
  if (enabled.length === 0)
    return [
      createFinding(
        'event_stream_disabled',
        `The event stream to ${url} is disabled.`,
        'Look at its health in the dashboard, enable it, and redeliver what failed.',
      ),
    ]
  const missing = STREAM_EVENTS.filter((type) => !enabled.some(({ types }) => types.includes(type)))
  if (missing.length === 0) return []
  return [
    createFinding(
      'event_stream_incomplete',
      `The event stream to ${url} lacks ${missing.join(' and ')}.`,
      'Add the events to the stream.',
    ),
  ]
}
