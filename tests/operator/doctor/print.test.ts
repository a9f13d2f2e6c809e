import { describe, expect, it } from 'vitest'
import { createFinding } from '@/operator/doctor/catalogue'
import { formatFindings, loginInWords, statusOf, withoutAddresses } from '@/operator/doctor/print'

const note = createFinding('store_per_instance', 'No REDIS_URL is set.', 'Set it.')
const warning = createFinding('developer_keys', '"github" runs with them.', 'Give it your own.')
const error = createFinding('action_missing', 'Not for samlp|acme|ann@example.com.', 'Apply.')

describe('formatFindings', () => {
  it('prints the worst finding first', () => {
    const lines = formatFindings([note, warning, error])
    expect(lines[0]).toBe('✗ action_missing: Not for samlp|acme|ann@example.com.')
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
  ])('returns %d for the worst finding', (status, findings) => {
    expect(statusOf(findings)).toBe(status)
  })
})

describe('loginInWords', () => {
  it('prints question and answer', () => {
    const steps = [{ question: 'Is it verified?', answer: 'No.' }]
    expect(loginInWords({ user_id: 'auth0|ann', steps })[2]).toBe('    Is it verified? No.')
  })
})

describe('withoutAddresses', () => {
  it('keeps the first letter and the domain, in user ids too', () => {
    const text = 'samlp|acme|ann@example.com, "bob@example.co.uk". https://app.example.com/'
    expect(withoutAddresses(text)).toBe(
      'samlp|acme|a••@example.com, "b••@example.co.uk". https://app.example.com/',
    )
  })
})
