import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
const run = (...args: string[]) =>
  spawnSync(process.execPath, ['scripts/run.mjs', ...args], { encoding: 'utf8' })

describe('scripts/run.mjs', () => {
  it.each([[[]], [['no-such-program']]])(
    'given %j, fails and lists the programs, each an npm script',
    (args) => {
      const { status, stderr } = run(...args)
      const names = stderr
        .trim()
        .replace(/^.* one of /, '')
        .split(', ')
      expect([status, names.length > 1]).toEqual([1, true])
      const through = Object.keys(scripts).filter(
        (name) => scripts[name] === `exec node scripts/run.mjs ${name}`,
      )
      expect(names.toSorted()).toEqual(through.toSorted())
    },
  )

  it('ends with the exit status of the program', () => {
    expect(run('doctor', '--help')).toMatchObject({ status: 0, stderr: '' })
    expect(run('doctor', '--no-such-flag')).toMatchObject({ status: 3, stdout: '' })
    expect(run('provision', 'no-such-command')).toMatchObject({ status: 1, stdout: '' })
  }, 60_000)
})
