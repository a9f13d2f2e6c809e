import 'server-only'
import { z } from 'zod'
import type { ManagementApi } from '../../auth0/management-api'
import { ManagementApiError } from '../../auth0/management-api-error'
import { type CacheServices, cached } from '../../store/cached'
import { ApiRefusal } from './refusal'

/** How long we cache whether an application is first-party, in seconds. */
const CLIENT_CACHE_SECONDS = 10 * 60

const Known = z.object({ isFirstParty: z.boolean() })
/** If the service has only the scope `read:client_summary`, Auth0 leaves `is_first_party` out. */
const Client = z.object({ is_first_party: z.boolean() })

/**
 * Checks that an application is first-party, that is, one of the operator's own. Another company's application gets no list,
 * even if the person consented.
 *
 * @param api - With the service's own token, which needs the scope `read:clients`.
 * @param clientId - From a verified token.
 * @throws {ApiRefusal} `client_not_allowed` if the application is not first-party, or no longer exists; `not_set_up` if the
 *   tenant leaves out `is_first_party`, because the scope `read:clients` is missing.
 * @throws {ManagementApiError} If the application cannot be read.
 * @see {@link https://auth0.com/docs/get-started/applications/confidential-and-public-applications/first-party-and-third-party-applications First-party and third-party applications}
 */
export async function assertFirstParty(
  services: CacheServices,
  api: Pick<ManagementApi, 'readClient'>,
  clientId: string,
): Promise<void> {
  const { isFirstParty } = await cached(
    services,
    `api-client:${clientId}`,
    CLIENT_CACHE_SECONDS,
    Known,
    async () => ({ isFirstParty: await readIsFirstParty(api, clientId) }),
  )
  if (!isFirstParty) throw new ApiRefusal('client_not_allowed')
}

async function readIsFirstParty(api: Pick<ManagementApi, 'readClient'>, clientId: string): Promise<boolean> {
  try {
    const client = Client.safeParse(await api.readClient(clientId, ['client_id', 'is_first_party']))
    if (!client.success) throw new ApiRefusal('not_set_up')
    return client.data.is_first_party
  } catch (error) {
    if (error instanceof ManagementApiError && error.code === 'not_found') return false
    throw error
  }
}
