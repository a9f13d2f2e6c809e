import { describe, expect, it } from 'vitest'
import { found } from '@/doctor/catalogue'
import { inWords, statusOf } from '@/doctor/print'

const note = found('store_per_instance', 'No REDIS_URL is set.', 'Set it.')
const warning = found('developer_keys', '"github" runs with them.', 'Give it your own.')
const error = found('action_missing', 'Not for samlp|acme|ann@example.com.', 'Apply.')

describe('inWords', () => {
  it('says the worst first, and no whole address', () => {
    const lines = inWords([note, warning, error])
    expect(lines[0]).toBe('✗ action_missing: Not for samlp|acme|a••@example.com.')
    expect(lines[3]).toMatch(/^! developer_keys/)
    expect(lines[6]).toMatch(/^· store_per_instance/)
    expect(lines.at(-1)).toMatch(/^1 errors, 1 warnings, 1 notes/)
  })
})

describe('statusOf', () => {
  it.each([
    [0, [note]],
    [1, [note, warning]],
    [2, [warning, error]],
  ])('is %d', (status, findings) => {
    expect(statusOf(findings)).toBe(status)
  })
})
