import { describe, expect, it } from 'vitest'
import type { ManagementApi } from '@/lib/auth0/management-api'
import { ManagementApiError } from '@/lib/auth0/management-api-error'
import { findAccounts } from '@/lib/console/search'

/** A Management API that refuses every call with this status. */
function refusing(status: number): ManagementApi {
  const refuse = async () => {
    throw new ManagementApiError(status === 404 ? 'not_found' : 'management_failed', status)
  }
  return { findUsers: async () => [], getUser: refuse, call: refuse } as unknown as ManagementApi
}

describe('findAccounts', () => {
  it.each([400, 404])('returns no accounts if the tenant responds with %i', async (status) => {
    expect(await findAccounts(refusing(status), 'auth0|ann')).toEqual([])
  })

  it.each([429, 503])('throws if the tenant responds with %i', async (status) => {
    await expect(findAccounts(refusing(status), 'auth0|ann')).rejects.toMatchObject({ status })
  })
})
