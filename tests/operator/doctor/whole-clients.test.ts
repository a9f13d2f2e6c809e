import { ManagementClient } from 'auth0'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { readWholeClients } from '@/operator/doctor/whole-clients'

afterEach(() => vi.unstubAllGlobals())

/** Calls `readWholeClients` at a tenant that lists these applications. */
function read(...clients: object[]) {
  vi.stubGlobal('fetch', async () => Response.json({ clients, start: 0, limit: 100, total: clients.length }))
  return readWholeClients(
    new ManagementClient({ domain: 'tenant.example.com', token: 'token', telemetry: false }),
  )
}

describe('readWholeClients', () => {
  it('reads applications', async () => {
    const [one] = await read({ client_id: 'a', name: 'A', grant_types: [] })
    expect(one).toMatchObject({ client_id: 'a', grant_types: [] })
    expect(await read()).toEqual([])
  })

  it('rejects with missing_scope if the tenant shows only summaries, which lack the addresses', async () => {
    await expect(read({ client_id: 'a', name: 'A', app_type: 'spa' })).rejects.toMatchObject({
      code: 'missing_scope',
      message: expect.stringContaining('read:clients'),
    })
  })
})
