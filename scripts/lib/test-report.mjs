/**
 * How many tests there were, by outcome.
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * Counts Vitest's JSON report. A file that could not be loaded has no test of its own: it counts as one that failed.
 *
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[] }} report
 * @returns {Counts}
 */
export function countVitest({ testResults }) {
  const tests = testResults.flatMap((file) => file.assertionResults.map(({ status }) => status))
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length
  const passed = tests.filter((status) => status === 'passed').length
  const failed = tests.filter((status) => status === 'failed').length
  return { passed, failed: failed + broken, skipped: tests.length - passed - failed }
}

/**
 * Counts Playwright's JSON report. A test that passed only when repeated has failed; errors outside of any test, such
 * as a demo that did not start, count one each.
 *
 * @param {{ stats: { expected: number, unexpected: number, flaky: number, skipped: number }, errors: unknown[] }} report
 * @returns {Counts}
 */
export function countPlaywright({ stats, errors }) {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  }
}

/**
 * Sums up all runners.
 *
 * @param {(Counts & { status: number })[]} runs - With the exit status of each.
 * @returns {{ line: string, passed: boolean }} The last line, and whether all of it may count as passed: a runner
 *   that ended badly without naming a failure, or that ran no test, adds one failure.
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
  return { line: `${total.passed} passed, ${total.failed} failed${skipped}`, passed: total.failed === 0 }
}
