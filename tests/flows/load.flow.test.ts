import { expect, inject, it, vi } from 'vitest'
import { linkUnderLimit } from '../campaigns/load/link-under-limit'
import { Flow } from '../support/flow/flow'

// Twenty-four people sign in one after the other, four times each.
vi.setConfig({ testTimeout: 120_000 })

it('two dozen logins at once, at a tenant that allows ten calls a second, all end signed in: linked once, or noted and asked again', async () => {
  const { passed, failed, linkedOnce, turnedAway, ...rest } = await linkUnderLimit(
    new Flow(inject('flowDemo')),
    24,
  )
  expect(rest).toMatchObject({ lost: 0, doubled: 0, notNoted: 0, metadataLost: 0 })
  expect([passed, failed]).toEqual([24, 0])
  expect(linkedOnce).toBeGreaterThan(0)
  expect(turnedAway).toBeGreaterThan(0)
})
