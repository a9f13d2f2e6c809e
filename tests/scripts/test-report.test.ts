import { describe, expect, it } from 'vitest'
import { countPlaywright, countVitest, summarize } from '../../scripts/lib/test-report.mjs'

/** What makes the text after it red in a terminal. */
const RED = '\u001b[31m'

const file = (name: string, status: string, ...statuses: string[]) => ({
  name,
  status,
  assertionResults: statuses.map((each, index) => ({ status: each, fullName: `test ${index}` })),
})

describe('countVitest', () => {
  it('counts tests by result, and names the failed ones', () => {
    const testResults = [
      file('a.test.ts', 'failed', 'passed', 'failed'),
      file('b.test.ts', 'passed', 'passed', 'skipped', 'todo'),
    ]
    expect(countVitest({ testResults })).toEqual({
      passed: 2,
      failed: 1,
      skipped: 2,
      failures: ['a.test.ts › test 1'],
    })
  })

  it('counts a file that could not be loaded as a failure', () => {
    expect(countVitest({ testResults: [file('a.test.ts', 'failed')] })).toEqual({
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: ['a.test.ts'],
    })
  })

  it('says why a test failed, or why a file could not be loaded', () => {
    const test = (message: string) => ({ status: 'failed', fullName: 'links', failureMessages: [message] })
    const testResults = [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [test(`${RED}expected 1\u001b[39m\n  to be 2`)],
      },
      { name: 'b.test.ts', status: 'failed', assertionResults: [], message: 'no such module' },
      { name: 'c.test.ts', status: 'failed', assertionResults: [test('x'.repeat(1000))] },
    ]
    expect(countVitest({ testResults }).failures).toEqual([
      'a.test.ts › links: expected 1 to be 2',
      'b.test.ts: no such module',
      `c.test.ts › links: ${'x'.repeat(200)}`,
    ])
  })
})

describe('countPlaywright', () => {
  it('counts flaky tests and errors outside of tests as failures', () => {
    const spec = (title: string, ...statuses: string[]) => ({
      file: 'a.e2e.ts',
      title,
      tests: statuses.map((status) => ({ status })),
    })
    const suites = [
      { specs: [spec('one', 'expected', 'unexpected')] },
      { suites: [{ specs: [spec('two', 'flaky', 'skipped')] }] },
    ]
    const stats = { expected: 5, skipped: 2 }
    expect(countPlaywright({ stats, suites, errors: [{ message: 'no demo' }, {}] })).toEqual({
      passed: 5,
      failed: 4,
      skipped: 2,
      failures: ['a.e2e.ts › one', 'a.e2e.ts › two', 'no demo', 'an error outside of any test'],
    })
  })

  it('says why', () => {
    const results = [{}, { error: { message: 'Test timeout of 60000ms exceeded.\n' } }]
    const suites = [
      { specs: [{ file: 'a.e2e.ts', title: 'links', tests: [{ status: 'unexpected', results }] }] },
    ]
    expect(countPlaywright({ stats: { expected: 0, skipped: 0 }, suites, errors: [] }).failures).toEqual([
      'a.e2e.ts › links: Test timeout of 60000ms exceeded.',
    ])
  })
})

describe('summarize', () => {
  const run = (passed: number, failed: number, skipped: number, status: number) => ({
    passed,
    failed,
    skipped,
    failures: Array.from({ length: failed }, (_, index) => `test ${index}`),
    status,
  })

  it.each([
    ['everything passed', [run(3, 0, 0, 0), run(2, 0, 0, 0)], '5 passed, 0 failed', true],
    ['some were skipped', [run(3, 0, 1, 0), run(2, 0, 1, 0)], '5 passed, 0 failed, 2 skipped', true],
    ['one failed', [run(3, 1, 0, 1), run(2, 0, 0, 0)], '5 passed, 1 failed', false],
    [
      'a runner ended badly without giving a reason',
      [run(3, 0, 0, 1), run(2, 0, 0, 0)],
      '5 passed, 1 failed',
      false,
    ],
    ['a runner ran no test', [run(3, 0, 0, 0), run(0, 0, 0, 0)], '3 passed, 1 failed', false],
  ])('prints the counts, and knows whether the run passed, if %s', (_what, runs, line, passed) => {
    expect(summarize(runs)).toMatchObject({ passed })
    expect(summarize(runs).lines.at(-1)).toBe(line)
  })
  it('names failures before the count', () => {
    expect(summarize([run(3, 2, 0, 1), run(2, 0, 0, 0)]).lines).toEqual([
      'failed: test 0',
      'failed: test 1',
      '5 passed, 2 failed',
    ])
  })
})
