import { describe, expect, it } from 'vitest'
import { countPlaywright, countVitest, summarize } from '../../scripts/lib/test-report.mjs'

const file = (status: string, ...statuses: string[]) => ({
  status,
  assertionResults: statuses.map((each) => ({ status: each })),
})

describe('countVitest', () => {
  it('counts tests by outcome', () => {
    const testResults = [file('failed', 'passed', 'failed'), file('passed', 'passed', 'skipped', 'todo')]
    expect(countVitest({ testResults })).toEqual({ passed: 2, failed: 1, skipped: 2 })
  })

  it('counts a file that could not be loaded as a failure', () => {
    expect(countVitest({ testResults: [file('failed')] })).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})

describe('countPlaywright', () => {
  it('counts flaky tests and errors outside of tests as failures', () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 }
    expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 3, skipped: 2 })
  })
})

describe('summarize', () => {
  const run = (passed: number, failed: number, skipped: number, status: number) => ({
    passed,
    failed,
    skipped,
    status,
  })

  it.each([
    ['everything passed', [run(3, 0, 0, 0), run(2, 0, 0, 0)], '5 passed, 0 failed', true],
    ['some were skipped', [run(3, 0, 1, 0), run(2, 0, 1, 0)], '5 passed, 0 failed, 2 skipped', true],
    ['one failed', [run(3, 1, 0, 1), run(2, 0, 0, 0)], '5 passed, 1 failed', false],
    [
      'a runner ended badly without saying why',
      [run(3, 0, 0, 1), run(2, 0, 0, 0)],
      '5 passed, 1 failed',
      false,
    ],
    ['a runner ran no test', [run(3, 0, 0, 0), run(0, 0, 0, 0)], '3 passed, 1 failed', false],
  ])('says so when %s', (_what, runs, line, passed) => {
    expect(summarize(runs)).toEqual({ line, passed })
  })
})
