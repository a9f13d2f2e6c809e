import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Environment } from '@/lib/config/environment'
import { readAsNextDoes } from '@/tests/support/next-env'

const example = readFileSync('.env.example', 'utf8')

describe('.env.example', () => {
  it('is read by Next.js as it is written', () => {
    const written = example
      .split('\n')
      .filter((line) => /^\w+=/.test(line))
      .map((line) => {
        const [name = '', value = ''] = line.split(/=(.*)/)
        return [name, value.replace(/^"(.*)"$/, '$1')]
      })
    expect(readAsNextDoes(example)).toEqual(Object.fromEntries(written))
  })

  it('names every variable that is read', () => {
    expect(Object.keys(readAsNextDoes(example)).sort()).toEqual(Object.keys(Environment.shape).sort())
  })
})
