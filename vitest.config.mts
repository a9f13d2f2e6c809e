import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))
const FLOWS = 'tests/flows/**/*.flow.test.ts'
/** Tests that build something, start a program, or take half a minute. */
const PROGRAMS = 'tests/**/*.program.test.ts'
const SHARED = {
  // Many of them wait: for a deadline to pass, for a process to end.
  maxWorkers: 2,
  // A machine that builds or runs browsers beside them must not fail them.
  testTimeout: 20_000,
}

export default defineConfig({
  resolve: {
    alias: {
      'server-only': `${root}tests/support/server-only.ts`,
      '@/': root,
    },
  },
  test: {
    environment: 'node',
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'units',
          include: ['tests/**/*.test.{ts,tsx}'],
          exclude: [...configDefaults.exclude, PROGRAMS, FLOWS],
          ...SHARED,
        },
      },
      {
        extends: true,
        test: {
          name: 'programs',
          include: [PROGRAMS],
          ...SHARED,
        },
      },
      {
        extends: true,
        test: {
          name: 'flows',
          include: [FLOWS],
          // One demo for all of them: they share its tenant, so one file runs after the other.
          globalSetup: 'tests/support/flow-setup.ts',
          fileParallelism: false,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
