import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** How much of an error a failure names, in characters. */
const LONGEST_REASON = 200

/**
 * The number of tests by result, and each failure: the test's name, and the beginning of its error.
 *
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Counts
 */

/**
 * Counts the tests in Vitest's JSON report. A file that could not be loaded has no tests, and counts as one failed test.
 *
 * @param {{ testResults: { name: string, status: string, message?: string, assertionResults: { status: string, fullName:
 *   string, failureMessages?: string[] }[] }[] }} report
 * @returns {Counts}
 */
export function countVitest({ testResults }) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults)
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed')
    const isBroken = status === 'failed' && failed.length === 0
    const file = relative('', name)
    if (isBroken) return [withReason(file, message)]
    return failed.map(({ fullName, failureMessages }) =>
      withReason(`${file} › ${fullName}`, failureMessages?.[0]),
    )
  })
  const passed = tests.filter(({ status }) => status === 'passed').length
  const failed = tests.filter(({ status }) => status === 'failed').length
  return { passed, failed: failures.length, skipped: tests.length - passed - failed, failures }
}

/**
 * Counts the tests in Playwright's JSON report. A test that passed only on a retry counts as failed. Each error outside of a
 * test, such as a demo that did not start, counts as one failed test.
 *
 * @typedef {{ file: string, title: string, tests: { status: string, results?: { error?: { message?: string } }[] }[] }} Spec
 * @typedef {{ specs?: Spec[], suites?: Suite[] }} Suite
 *
 * @param {{ stats: { expected: number, skipped: number }, suites: Suite[], errors: { message?: string }[] }} report
 * @returns {Counts}
 */
export function countPlaywright({ stats, suites, errors }) {
  const specs = suites.flatMap(specsOf)
  const failed = specs.flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results = [] }) =>
        withReason(`${file} › ${title}`, results.find(({ error }) => error)?.error?.message),
      ),
  )
  const failures = [...failed, ...errors.map(({ message }) => message ?? 'an error outside of any test')]
  return { passed: stats.expected, failed: failures.length, skipped: stats.skipped, failures }
}

/** @type {(name: string, error: string | undefined) => string} */
function withReason(name, error) {
  const reason = stripVTControlCharacters(error ?? '')
    .replace(/\s+/g, ' ')
    .trim()
  return reason === '' ? name : `${name}: ${reason.slice(0, LONGEST_REASON)}`
}

/** @type {(suite: Suite) => Spec[]} */
const specsOf = ({ specs = [], suites = [] }) => [...specs, ...suites.flatMap(specsOf)]

/**
 * Adds up the counts of all test runners.
 *
 * @param {(Counts & { status: number })[]} runs - The counts and the exit status of each runner.
 * @returns {{ lines: string[], passed: boolean }} The failures, then the totals, and whether everything passed. A runner
 *   that names no failure adds one failure if its exit status is not 0 or if no test passed.
 */
export function summarize(runs) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  for (const { passed, failed, skipped, status } of runs) {
    const isSilent = failed === 0 && (status !== 0 || passed === 0)
    total.passed += passed
    total.failed += failed + (isSilent ? 1 : 0)
    total.skipped += skipped
  }
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
  const failures = runs.flatMap(({ failures }) => failures.map((name) => `failed: ${name}`))
  const count = `${total.passed} passed, ${total.failed} failed${skipped}`
  return { lines: [...failures, count], passed: total.failed === 0 }
}
