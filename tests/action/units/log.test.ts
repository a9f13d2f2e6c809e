import { describe, expect, it, vi } from 'vitest'
import { log } from '@/action/log'

describe('log', () => {
  it('writes one line of JSON', () => {
    const write = vi.spyOn(console, 'log').mockReturnValue()
    log('not_linked', { reason: 'blocked' })
    expect(write.mock.calls).toEqual([['{"account_linking":"not_linked","reason":"blocked"}']])
  })

  it('cuts a line to the 256 characters that Auth0 keeps', () => {
    const write = vi.spyOn(console, 'log').mockReturnValue()
    log('not_linked', { reason: 'x'.repeat(300) })
    expect(write.mock.calls[0]?.[0]).toHaveLength(256)
  })
})
