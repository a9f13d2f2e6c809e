import { expect, inject, it, vi } from 'vitest'
import { linkUnderLimit } from '../campaigns/load/link-under-limit'
import { Flow } from '../support/flow/flow'

// Time for 24 people to sign in before the measurement and again after it.
vi.setConfig({ testTimeout: 120_000 })

it('24 logins at once, at a tenant that allows ten calls a second, all succeed: each person is linked once, or gets the prompt again later', async () => {
  const { passed, failed, linkedOnce, turnedAway, ...rest } = await linkUnderLimit(
    new Flow(inject('flowDemo')),
    24,
  )
  expect(rest).toMatchObject({ lost: 0, doubled: 0, notNoted: 0, metadataLost: 0 })
  expect([passed, failed]).toEqual([24, 0])
  expect(linkedOnce).toBeGreaterThan(0)
  expect(turnedAway).toBeGreaterThan(0)
})
