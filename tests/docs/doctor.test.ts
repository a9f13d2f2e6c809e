import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CATALOGUE } from '@/operator/doctor/catalogue'

const page = readFileSync(new URL('../../docs/doctor.md', import.meta.url), 'utf8')

describe('docs/doctor.md', () => {
  it('lists every code with its severity, and no other', () => {
    const [, table = ''] = page.split('## Codes')
    const listed = [...table.matchAll(/^\| `(\w+)` \| (\w+) \| .+ \| .+ \|$/gm)].map(([, ...row]) => row)
    expect(listed).toEqual(Object.entries(CATALOGUE).map(([code, { severity }]) => [code, severity]))
  })
})
