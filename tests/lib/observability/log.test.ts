import { describe, expect, it, vi } from 'vitest'
import { fingerprint, logEvent } from '@/lib/observability/log'

describe('logEvent', () => {
  it('writes one line, whatever characters a value contains', () => {
    const write = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    logEvent('refused', { code: 'a\r\n{"event":"forged"}\u001b[31m' })
    const [line] = write.mock.calls[0] ?? []
    for (const character of ['\r', '\n', '\u001b']) expect(line).not.toContain(character)
    expect(JSON.parse(line)).toMatchObject({ event: 'refused', code: 'a\r\n{"event":"forged"}\u001b[31m' })
  })
})

describe('fingerprint', () => {
  it('is the same for the same id, and does not reveal it', () => {
    expect(fingerprint('auth0|ann')).toBe(fingerprint('auth0|ann'))
    expect(fingerprint('auth0|ann')).not.toBe(fingerprint('auth0|ben'))
    expect(fingerprint('auth0|ann')).toMatch(/^[0-9a-f]{12}$/)
  })
})
