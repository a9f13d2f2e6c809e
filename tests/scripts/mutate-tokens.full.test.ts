import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { commandsIn } from '../support/operator/documented-commands'

const run = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/mutate-tokens.mjs', ...args], { encoding: 'utf8' })
/** The rows of the table without the times, which differ. */
const rowsOf = (output: string) =>
  output
    .split('\n')
    .filter((line) => /^\w[\w ]+( +\d+){5} /.test(line))
    .map((line) => line.replace(/\s+\S+$/, ''))

describe('npm run mutate-tokens', () => {
  it('judges every token, the same tokens for the same seed, and counts them in its last line', () => {
    const [first, second] = [1, 2].map(() => run('--count', '1500', '--seed', '7'))
    expect(first?.stdout.trim().split('\n').at(-1)).toBe('1500 passed, 0 failed')
    expect(first?.status).toBe(0)
    const rows = rowsOf(first?.stdout ?? '')
    expect(rows.length).toBe(21)
    expect(rowsOf(second?.stdout ?? '')).toEqual(rows)
  }, 120_000)

  it('can send the tokens over HTTP', () => {
    const [, command = ''] = commandsIn(
      'docs/assurance/token-mutations.md',
      'npm run mutate-tokens -- --count 20000',
    )
    const args = command.replace('20000', '200').replace('2000', '20').split(' ').slice(4)
    const { status, stdout } = run(...args)
    expect([status, stdout.trim().split('\n').at(-1)]).toEqual([0, '220 passed, 0 failed'])
    expect(stdout).toContain('over HTTP: 20 of 20 refused')
  }, 120_000)

  it.each([
    ['--count', 'many'],
    ['--seed', '1.5'],
    ['--http', '-1'],
  ])('names the option that is not a number: %s %s', (...option) => {
    const { status, stderr } = run(option.join('='))
    expect([status, stderr.trim()]).toEqual([1, `${option[0]} is not a whole number: ${option[1]}`])
  })
})
