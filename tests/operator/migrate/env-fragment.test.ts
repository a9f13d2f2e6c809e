import { parseEnv } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Environment } from '@/lib/config/environment'
import { carryOver } from '@/operator/migrate/carry-over'
import { envFragment } from '@/operator/migrate/env-fragment'
import { readAsNextDoes } from '@/tests/support/operator/next-env'
import { SETTINGS } from './exports'

/** The variables as Next.js reads them. Node.js, which `npm run provision` uses, has to agree. */
function written(settings: Parameters<typeof carryOver>[0]) {
  const text = envFragment(carryOver(settings))
  const variables = readAsNextDoes(text)
  expect(parseEnv(text)).toEqual(variables)
  return variables
}

describe('envFragment', () => {
  it('has the same values for Next.js and for Node.js, with an empty variable for the operator to fill in', () => {
    expect(written(SETTINGS)).toEqual({
      BRAND_NAME: 'Example Company',
      BRAND_COLOR: '#0b5d4e',
      BRAND_LOGO: '',
      AUTH0_DOMAIN: 'login.example.com',
      AUTH0_MANAGEMENT_DOMAIN: '',
    })
  })

  it('has the notes as comments', () => {
    const lines = envFragment(carryOver(SETTINGS)).split('\n')
    const rest = lines.filter((line) => line !== '' && !line.startsWith('# '))
    expect(rest).toEqual([
      'BRAND_NAME="Example Company"',
      'BRAND_COLOR="#0b5d4e"',
      'BRAND_LOGO=',
      'AUTH0_DOMAIN="login.example.com"',
      'AUTH0_MANAGEMENT_DOMAIN=',
    ])
  })

  it('holds only variables of the service, and no secret', () => {
    const names = Object.keys(written(SETTINGS))
    expect(names.filter((name) => !(name in Environment.shape) || name.includes('SECRET'))).toEqual([])
  })

  it('has no title that would be read as another value, and no additional line from any setting', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string(),
      fc.stringMatching(/^["'`$\\\n#= A-Z{}]*$/),
    )
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (title, color, logoPath, customDomain) => {
        const variables = written({ title, color, logoPath, customDomain })
        expect(Object.keys(variables).every((name) => name in Environment.shape)).toBe(true)
        expect(['', title]).toContain(variables.BRAND_NAME)
      }),
    )
  })
})
