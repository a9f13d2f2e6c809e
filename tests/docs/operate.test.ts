import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '@/lib/config/config'

const text = readFileSync(new URL('../../docs/operate.md', import.meta.url), 'utf8')

/** The names of all required variables: `APP_BASE_URL`, and those that are missing if only that one is set. */
const required = () => {
  const result = parseConfig({ APP_BASE_URL: 'https://accounts.example.com' })
  const problems = 'problems' in result ? result.problems : []
  return ['APP_BASE_URL', ...problems.map((problem) => problem.split(' ')[0] ?? '')]
}

describe('docs/operate.md', () => {
  it('has a button that asks for every required variable, and for those of Redis and the cron job', () => {
    const [address = ''] = /https:\/\/vercel\.com\/new\/clone\?[^)]+/.exec(text) ?? []
    const asked = new URL(address).searchParams.get('env')?.split(',')
    expect(asked?.toSorted()).toEqual([...required(), 'REDIS_URL', 'CRON_SECRET'].toSorted())
  })

  it('has a table with every required variable', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| `'))
    expect(required().filter((name) => !rows.some((row) => row.includes(`\`${name}\``)))).toEqual([])
  })
})
