import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { commandsIn } from '../support/operator/documented-commands'

describe('npm run load', () => {
  it('lets the given number of people link at once, and fails for none of them', () => {
    const [command] = commandsIn('CONTRIBUTING.md', 'npm run load -- --logins')
    const args = command.replace('500', '3').split(' ').slice(4)
    const { status, stdout } = spawnSync(process.execPath, ['scripts/load.mjs', ...args], {
      encoding: 'utf8',
    })
    expect([status, stdout.trim().split('\n').at(-1)]).toEqual([0, '3 passed, 0 failed'])
  }, 120_000)
})
