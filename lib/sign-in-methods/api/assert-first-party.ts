import 'server-only'
import { z } from 'zod'
import type { ManagementApi } from '../../auth0/management-api'
import { type CacheServices, cached } from '../../store/cached'
import { ApiRefusal } from './refusal'

/** How long what was read of an application counts, in seconds. */
const CLIENT_CACHE_SECONDS = 10 * 60

const Answer = z.object({ isFirstParty: z.boolean() })

/**
 * Passes an application of the operator's own. Another company's application gets no list, even if the person allowed it.
 *
 * @param api - By our own authority, with `read:clients`.
 * @param clientId - From a verified token.
 * @throws {ApiRefusal} `client_not_allowed` if it is not first-party or is gone; `not_set_up` if the tenant does not say: then
 *   `read:clients` is missing.
 * @throws {ManagementApiError} If the application cannot be read.
 * @see {@link https://auth0.com/docs/get-started/applications/confidential-and-public-applications/first-party-and-third-party-applications First-party and third-party applications}
 */
export async function assertFirstParty(
  services: CacheServices,
  api: Pick<ManagementApi, 'isFirstParty'>,
  clientId: string,
): Promise<void> {
  const { isFirstParty } = await cached(
    services,
    `api-client:${clientId}`,
    CLIENT_CACHE_SECONDS,
    Answer,
    async () => {
      const answer = await api.isFirstParty(clientId)
      if (answer === undefined) throw new ApiRefusal('not_set_up')
      return { isFirstParty: answer }
    },
  )
  if (!isFirstParty) throw new ApiRefusal('client_not_allowed')
}
