// How `npm run mutants` works; what is mutated is in scripts/mutants.mjs, what survives in docs/assurance/mutants.md.

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutants.config.mts' },
  cleanTempDir: 'always',
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // In milliseconds, beside the tests' own time: a busy machine must not pass for a mutant that never ends.
  timeoutMS: 15_000,
  thresholds: { high: 95, low: 90, break: 90 },
  reporters: ['clear-text', 'progress', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  // Not copied for the tests, which need none of it.
  ignorePatterns: ['docs', 'public', '.next', 'dist', 'reports'],
  // Rewriting a tsconfig needs an interface that TypeScript 7 does not have, and ours needs no rewriting.
  tsconfigFile: 'none',
}
