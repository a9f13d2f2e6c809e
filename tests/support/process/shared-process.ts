/**
 * Set-up for test files that share a process and its modules: each file starts as if the process had just started.
 * @module
 */
import { setTimeout as ofNode } from 'node:timers'
import { afterAll, beforeAll, vi } from 'vitest'
import { forgetAllProcessMemory } from './process-memory'

beforeAll(forgetAllProcessMemory)

const environment = { ...process.env }

afterAll(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
  if (setTimeout !== ofNode)
    throw new Error('This file leaves a clock that stands still to the files after it.')
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name]
  Object.assign(process.env, environment)
})
