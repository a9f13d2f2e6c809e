import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { aManagementApi } from '../support/tenant/management-calls'

let tenant: Awaited<ReturnType<typeof aManagementApi>>
beforeAll(async () => {
  tenant = await aManagementApi()
})
beforeEach(() => tenant.state.reset())

const HEADERS = { 'webhook-id': 'a1.account.adoption.prepare' }
const STEP = { type: 'account.adoption.prepare', data: { adoption_id: 'a1' } }
const post = () => tenant.call('POST', '/_tenant/adoptions', { body: STEP, headers: HEADERS })
const list = async () => (await tenant.call('GET', '/_tenant/adoptions')).body
const options = (adoption: object) => tenant.call('POST', '/_tenant/options', { body: { adoption } })

describe('/_tenant/adoptions', () => {
  it('stores a step, and is cleared by a reset', async () => {
    expect((await post()).status).toBe(200)
    expect(await list()).toEqual([{ at: expect.any(String), headers: HEADERS, body: STEP }])
    tenant.state.reset()
    expect(await list()).toEqual([])
  })

  it('answers as the option says until a reset, and stores the step in any case', async () => {
    expect((await options({ status: 409, delay_ms: 200 })).body.adoption).toEqual({
      status: 409,
      delay_ms: 200,
    })
    expect((await options({ delay_ms: 0 })).body.adoption).toEqual({ status: 409, delay_ms: 0 })
    expect((await post()).status).toBe(409)
    expect(await list()).toHaveLength(1)
    tenant.state.reset()
    expect((await post()).status).toBe(200)
  })

  it('waits for delay_ms before it answers', async () => {
    await options({ delay_ms: 200 })
    const begun = Date.now()
    await post()
    expect(Date.now() - begun).toBeGreaterThanOrEqual(199)
  })

  it.each([{ status: 99 }, { delay_ms: -1 }, { body: {} }])(
    'refuses an unknown or invalid option: %j',
    async (option) => {
      expect((await options(option)).status).toBe(400)
    },
  )
})
