import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const root = fileURLToPath(new URL('.', import.meta.url))
const FLOWS = 'tests/flows/**/*.flow.test.ts'
/**
 * Flows that restart servers, that need another deployment, or that bring faults or load by chance. `npm run test:rest` runs
 * them, and `npm test` does not.
 */
const FULL_FLOWS = 'tests/flows/**/*.full.flow.test.ts'
/** Flows that start a deployment of their own, and need nothing of the one that the other flows share. */
const OWN_FLOWS = testsThat((text) => !text.includes("inject('flowDemo')")).filter((path) =>
  /^tests\/flows\/[^.]+\.flow\.test\.ts$/.test(path),
)
/** Tests that build the local tenant and start it, or that start another server in the process of the test. */
const SERVERS = 'tests/**/*.server.test.ts'
/** Tests that build something else, start a program, or take half a minute. */
const PROGRAMS = 'tests/**/*.program.test.ts'
/**
 * Tests of tools, and of the operator's commands as processes. `npm run test:rest` runs them, and `npm test` does not. What
 * those commands do is tested by units as well.
 */
const FULL = 'tests/**/*.full.test.ts'
const UNITS = 'tests/**/*.test.{ts,tsx}'
/**
 * Units that need modules of their own, because something is made once a process: the application's services and configuration,
 * what `@next/env` has read, what the session library keeps, what is done with each request of the process, and modules that a
 * test replaces. The other units share their modules.
 */
const ALONE = [
  ...[
    'tests/app/**/*.test.{ts,tsx}',
    'tests/middleware.test.ts',
    'tests/lib/http/request-limits.test.ts',
    'tests/lib/session/**/*.test.ts',
    'tests/lib/observability/request-id.test.ts',
    'tests/operator/shared/environment.test.ts',
  ],
  ...testsThat((text) => /\bvi\.(mock|doMock)\(/.test(text)),
]
const SHARED_PROCESS = 'tests/support/process/shared-process.ts'
/** Modules are imported once a process, not once a file, which would take half of the time. */
const ONE_PROCESS = { isolate: false, setupFiles: SHARED_PROCESS }
/** A journey has a dozen requests, and a busy machine takes seconds for some. */
const LONG = { testTimeout: 45_000, hookTimeout: 60_000 }
const SHARED = {
  // Many of them wait: for a deadline to pass, for a process to end.
  maxWorkers: 2,
  // A machine that builds or runs browsers beside them must not fail them.
  testTimeout: 20_000,
}
/** One demo for all files: they share its tenant, so one file runs after the other, in one process. */
const ONE_DEMO = {
  globalSetup: ['tests/support/flow/built.ts', 'tests/support/flow/setup.ts'],
  fileParallelism: false,
  ...ONE_PROCESS,
  ...LONG,
}

/** Paths of the test files whose text meets a condition. */
function testsThat(condition: (text: string) => boolean): string[] {
  return readdirSync(`${root}tests`, { recursive: true, encoding: 'utf8' })
    .map((path) => `tests/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.test\.tsx?$/.test(path) && condition(readFileSync(root + path, 'utf8')))
}

/**
 * The folder of compiled modules, which the processes of a run share, and later runs. A compiled module contains the paths of
 * those that it imports, so another list of files gets another folder, and the former folder is deleted.
 */
function compiledModules(): string {
  const parent = `${root}node_modules/.compiled-modules/`
  const sources = [
    'action',
    'app',
    'components',
    'core',
    'lib',
    'local-tenant',
    'messages',
    'operator',
    'registry',
    'tests',
  ]
  const files = sources.flatMap((folder) =>
    readdirSync(root + folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => `${folder}/${path}`),
  )
  const name = createHash('sha256').update(files.sort().join('\n')).digest('hex').slice(0, 16)
  mkdirSync(parent, { recursive: true })
  for (const other of readdirSync(parent))
    if (other !== name) rmSync(parent + other, { recursive: true, force: true })
  return parent + name
}

/**
 * Starts the longest files first, so that no processor waits for them at the end. In a fresh clone Vitest knows only how large
 * files are.
 */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => /\/(worlds|kills)\.program\.test\.ts$/.test(moduleId)
    return (await super.sort(files)).sort((one, other) => Number(isLong(other)) - Number(isLong(one)))
  }
}

export default defineConfig({
  resolve: {
    alias: {
      'server-only': `${root}tests/support/process/server-only.ts`,
      '@/': root,
    },
  },
  test: {
    environment: 'node',
    restoreMocks: true,
    experimental: { fsModuleCache: true, fsModuleCachePath: compiledModules() },
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'units',
          include: [UNITS],
          exclude: [...configDefaults.exclude, SERVERS, PROGRAMS, FULL, FLOWS, ...ALONE],
          ...ONE_PROCESS,
          ...SHARED,
        },
      },
      {
        extends: true,
        test: {
          name: 'units-alone',
          include: ALONE,
          exclude: [...configDefaults.exclude, PROGRAMS, FULL, FLOWS],
          isolate: false,
          setupFiles: [SHARED_PROCESS, 'tests/support/process/fresh-modules.ts'],
          ...SHARED,
        },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: [SERVERS],
          ...ONE_PROCESS,
          ...SHARED,
        },
      },
      {
        extends: true,
        test: {
          name: 'programs',
          include: [PROGRAMS],
          ...ONE_PROCESS,
          ...SHARED,
        },
      },
      {
        extends: true,
        test: {
          name: 'full',
          include: [FULL],
          ...SHARED,
        },
      },
      {
        extends: true,
        test: { name: 'flows', include: [FLOWS], exclude: [FULL_FLOWS, ...OWN_FLOWS], ...ONE_DEMO },
      },
      {
        extends: true,
        test: {
          name: 'flows-alone',
          include: OWN_FLOWS,
          globalSetup: 'tests/support/flow/built.ts',
          ...ONE_PROCESS,
          ...LONG,
          maxWorkers: 2,
        },
      },
      { extends: true, test: { name: 'flows-full', include: [FULL_FLOWS], ...ONE_DEMO } },
    ],
  },
})
