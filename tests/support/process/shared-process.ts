/**
 * Set-up of tests that share a process and its modules: each file begins as if the process had just started.
 * @module
 */
import { afterAll, beforeAll, vi } from 'vitest'

/** The beginning of the names of what `lib/process/process-memory.ts` keeps. */
const OURS = /^account-linking\./

beforeAll(() => {
  for (const key of Object.getOwnPropertySymbols(globalThis))
    if (OURS.test(Symbol.keyFor(key) ?? '')) Reflect.deleteProperty(globalThis, key)
})

const environment = { ...process.env }

afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name]
  Object.assign(process.env, environment)
})
