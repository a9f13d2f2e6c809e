import type { ManagementClient } from 'auth0'
import { all } from '../shared/tenant-reads'
import type { EventStreamFacts } from './facts'

/** Streams per page: the most that Auth0 allows. */
const PAGE_SIZE = 100

/**
 * Reads the tenant's event streams to webhooks. Needs `read:event_streams`.
 *
 * @throws {OperatorError} As `Tenant` does.
 * @see {@link https://auth0.com/docs/api/management/v2/event-streams/get-event-streams List event streams}
 */
export async function readEventStreams(api: ManagementClient): Promise<EventStreamFacts[]> {
  const streams = await all(api.eventStreams.list({ take: PAGE_SIZE }))
  return streams.flatMap(({ destination, subscriptions = [], status }) =>
    destination?.type === 'webhook'
      ? [
          {
            url: destination.configuration.webhook_endpoint,
            isEnabled: status !== 'disabled',
            types: subscriptions.flatMap(({ event_type }) => event_type ?? []),
          },
        ]
      : [],
  )
}
