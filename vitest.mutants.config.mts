import { defineConfig } from 'vitest/config'
import base from './vitest.config.mjs'

/** The tests that mutants have to be caught by: units of the deciding code, nothing that starts a process. */
export default defineConfig({
  resolve: base.resolve,
  test: {
    restoreMocks: true,
    include: ['tests/lib/{linking,tokens,oidc}/*.test.ts', 'tests/actions/account-linking/*.test.ts'],
    // Reads the sources themselves, which mutants are written into.
    exclude: ['tests/lib/linking/imports.test.ts'],
  },
})
