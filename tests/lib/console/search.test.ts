import { describe, expect, it } from 'vitest'
import type { ManagementApi } from '@/lib/auth0/management-api'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { findAccounts } from '@/lib/console/search'

/** A tenant that refuses everything. */
function refusing(status: number): ManagementApi {
  const refuse = async () => {
    throw new ManagementApiError(status === 404 ? 'not_found' : 'management_failed', status)
  }
  return { findUsers: async () => [], getUser: refuse, call: refuse } as unknown as ManagementApi
}

describe('findAccounts', () => {
  it.each([400, 404])('finds nothing if the tenant says %i of a text', async (status) => {
    expect(await findAccounts(refusing(status), 'auth0|ann')).toEqual([])
  })

  it.each([429, 503])('does not say that there is no account if the tenant says %i', async (status) => {
    await expect(findAccounts(refusing(status), 'auth0|ann')).rejects.toMatchObject({ status })
  })
})
