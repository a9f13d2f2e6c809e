import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '@/lib/config/config'

const text = readFileSync(new URL('../../docs/deploy.md', import.meta.url), 'utf8')

/** What a process with a single variable misses. */
const required = () => {
  const result = parseConfig({ OFFER: 'on' })
  return 'problems' in result ? result.problems.map((problem) => problem.split(' ')[0] ?? '') : []
}

describe('docs/deploy.md', () => {
  it('has a button that asks for every required variable, and for Redis', () => {
    const [address = ''] = /https:\/\/vercel\.com\/new\/clone\?[^)]+/.exec(text) ?? []
    const asked = new URL(address).searchParams.get('env')?.split(',')
    expect(asked?.toSorted()).toEqual([...required(), 'REDIS_URL'].toSorted())
  })

  it('has a table with each of them', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| `'))
    expect(required().filter((name) => !rows.some((row) => row.includes(`\`${name}\``)))).toEqual([])
  })
})
