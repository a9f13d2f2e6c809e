import { defineConfig } from 'vitest/config'
import base from './vitest.config.mjs'

/** The tests that mutants have to be caught by: the units of their folder, which Stryker sets as `dir`. */
export default defineConfig({
  resolve: base.resolve,
  test: {
    restoreMocks: true,
    include: ['**/*.test.ts'],
    testTimeout: 20_000,
  },
})
