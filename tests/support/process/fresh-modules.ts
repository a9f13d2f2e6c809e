/**
 * Set-up for test files that share a process, but not their modules: each file imports the modules of this repository again.
 * Packages are imported once, which a process for each file would do again.
 * @module
 */
import { vi } from 'vitest'

/** What Vitest 4 does between files with `isolate`, for which it has no function: forgets what `vi.mock` replaced. */
const { __vitest_mocker__: mocker } = globalThis as unknown as { __vitest_mocker__: { reset(): void } }

mocker.reset()
vi.resetModules()
