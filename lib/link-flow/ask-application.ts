/**
 * Adoption for logins that run one of Auth0's published sample Actions. In an adoption, the operator's application moves its
 * own data from the secondary account to the primary one. Our own Action asks the application and writes a snapshot (the
 * record of a link) itself. The published Actions do neither, so the service does both before it sends them its response
 * token.
 *
 * @see docs/decisions/0044-adoption.md
 * @module
 */
import 'server-only'
import { adoptionSteps, NO_RIGHTS_STEPS, prepareAdoption } from '../../core'
import { AccountApi } from '../auth0/account-api'
import { ManagementApiError } from '../auth0/management-api-error'
import { scheduleLinkCheck } from '../jobs/plan-look'
import { primaryAndSecondary } from './flow-identities'
import type { Services } from './services'
import type { LinkTransaction } from './transaction-shape'

/**
 * Records the adoption in a snapshot in the primary account's `app_metadata`, and asks the application whether the accounts
 * may be linked. The published Actions do not report whether they linked. So a background job, or a view of the page
 * "Sign-in methods", later checks that and tells the application.
 *
 * @returns Undefined if the accounts may be linked, or if there is no application to ask. Otherwise a code that says why
 *   not, such as `adoption_refused`, `busy` or `management_failed`.
 */
export async function askApplication(
  services: Pick<Services, 'adopt' | 'authorities' | 'jobs'>,
  transaction: LinkTransaction,
): Promise<string | undefined> {
  const { proof, candidates, isDocumented, clientId = '', clientName } = transaction
  const proven = proof && candidates[proof.candidate]
  if (!services.adopt || !isDocumented || !proven) return undefined
  const { primary, secondary } = primaryAndSecondary(transaction, proven)
  const api = new AccountApi(services.authorities.server())
  try {
    const [staying, ending] = await Promise.all([primary, secondary].map(({ userId }) => api.getUser(userId)))
    if (!staying || !ending) return 'management_failed'
    const by = { way: 'login', client_id: clientId, ...(clientName && { client_name: clientName }) }
    const note = await prepareAdoption(staying, ending, Math.floor(Date.now() / 1000), by)
    if (note.reason) return note.reason
    const { app_metadata } = note
    await api.patchUser(staying.user_id, { app_metadata })
    const look = await scheduleLinkCheck(services.jobs, staying.user_id, ending.user_id)
    const steps = adoptionSteps(staying, app_metadata, NO_RIGHTS_STEPS, services.adopt, (id, body) =>
      api.patchUser(id, body),
    )
    const reason = await steps.beforeLink()
    if (!reason) return undefined
    await steps.ifNotLinked()
    await look.drop()
    return reason
  } catch (error) {
    if (error instanceof ManagementApiError) return error.code
    throw error
  }
}
