/**
 * Checks which part of the repository may import which. `docs/architecture.md` shows the result as a diagram.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { circles, readSources, type SourceFile } from './support/docs/source-graph'
import { withBlock } from './support/docs/written-block'

/** The allowed arrows: each part with the parts it may import. A part may always import itself. */
const ARROWS: Record<string, string[]> = {
  core: [],
  action: ['core'],
  components: [],
  'lib/process': [],
  'lib/config': ['core'],
  'lib/observability': ['core', 'lib/process'],
  'lib/messages': ['components', 'core', 'lib/config', 'lib/session', 'messages'],
  'lib/store': ['core', 'lib/config', 'lib/observability', 'lib/process'],
  'lib/session': ['core', 'lib/config', 'lib/observability'],
  'lib/http': ['core', 'lib/config', 'lib/process', 'lib/session'],
  'lib/oidc': ['core', 'lib/config', 'lib/process'],
  'lib/auth0': ['core', 'lib/config', 'lib/messages', 'lib/observability', 'lib/process', 'lib/store'],
  'lib/brand': ['core', 'lib/auth0', 'lib/config', 'lib/observability', 'lib/process', 'lib/store'],
  'lib/health': ['lib/config', 'lib/messages', 'lib/observability', 'lib/oidc', 'lib/store'],
  'lib/limits': ['core', 'lib/auth0', 'lib/observability', 'lib/session', 'lib/store'],
  'lib/events': [
    ...['core', 'lib/auth0', 'lib/brand', 'lib/config', 'lib/messages', 'lib/observability', 'lib/process'],
    'lib/store',
  ],
  'lib/mail': [
    ...['core', 'lib/auth0', 'lib/brand', 'lib/config', 'lib/events', 'lib/messages', 'lib/observability'],
    ...['lib/process', 'lib/store'],
  ],
  'lib/jobs': ['lib/config', 'lib/events', 'lib/mail', 'lib/observability', 'lib/process'],
  'lib/link-flow': [
    ...[
      'components',
      'core',
      'lib/auth0',
      'lib/brand',
      'lib/config',
      'lib/events',
      'lib/http',
      'lib/jobs',
      'lib/limits',
      'lib/messages',
    ],
    ...['lib/observability', 'lib/oidc', 'lib/process', 'lib/session', 'lib/store'],
  ],
  'lib/way-back': ['core', 'lib/auth0', 'lib/config', 'lib/messages', 'lib/process'],
  'lib/sign-in-methods': [
    ...[
      'components',
      'core',
      'lib/auth0',
      'lib/config',
      'lib/events',
      'lib/http',
      'lib/jobs',
      'lib/limits',
      'lib/link-flow',
      'lib/mail',
    ],
    ...['lib/messages', 'lib/observability', 'lib/oidc', 'lib/process', 'lib/session', 'lib/store'],
    'lib/way-back',
  ],
  'lib/console': [
    ...['core', 'lib/auth0', 'lib/config', 'lib/limits', 'lib/link-flow', 'lib/observability', 'lib/oidc'],
    ...['lib/session', 'lib/sign-in-methods', 'lib/store'],
  ],
  app: [
    ...[
      'components',
      'core',
      'lib/auth0',
      'lib/brand',
      'lib/config',
      'lib/console',
      'lib/events',
      'lib/health',
      'lib/http',
      'lib/jobs',
      'lib/limits',
    ],
    ...[
      'lib/link-flow',
      'lib/mail',
      'lib/messages',
      'lib/observability',
      'lib/oidc',
      'lib/session',
      'lib/sign-in-methods',
    ],
    ...['lib/store', 'lib/way-back'],
  ],
  'middleware.ts': ['app'],
  'instrumentation.ts': [
    'lib/config',
    'lib/health',
    'lib/http',
    'lib/jobs',
    'lib/mail',
    'lib/observability',
    'lib/sign-in-methods',
    'lib/store',
  ],
  'operator/shared': ['core', 'lib/auth0', 'lib/config'],
  'operator/provision': ['core', 'lib/config', 'operator/shared', 'scripts/lib'],
  'operator/doctor': [
    'action',
    'core',
    'lib/auth0',
    'lib/brand',
    'lib/config',
    'lib/mail',
    'lib/messages',
    'operator/shared',
    'scripts/lib',
  ],
  'operator/worker': [
    ...['lib/config', 'lib/jobs', 'lib/mail', 'lib/observability', 'lib/sign-in-methods', 'operator/shared'],
  ],
  'operator/duplicates': [
    'lib/messages',
    ...[
      'core',
      'lib/auth0',
      'lib/config',
      'lib/jobs',
      'lib/mail',
      'lib/observability',
      'lib/sign-in-methods',
    ],
    'operator/shared',
  ],
  'operator/events': ['core', 'lib/config', 'lib/events', 'lib/process', 'operator/shared'],
  'operator/migrate': ['core', 'lib/config', 'lib/messages'],
  'local-tenant': [],
  messages: [],
  'scripts/lib': ['local-tenant', 'tests'],
  scripts: [
    'lib/messages',
    'operator/doctor',
    'operator/duplicates',
    'operator/events',
    'operator/migrate',
    'operator/provision',
    'operator/worker',
    'scripts/lib',
    'tests',
  ],
}

const sources = readSources([
  ...['action', 'app', 'components', 'core', 'lib', 'local-tenant', 'messages', 'operator', 'scripts'],
])
const within = (part: string) => sources.filter(({ path }) => partOf(path) === part)

/** The part that a file belongs to: a folder of the root, of `lib` or of `operator`, or `scripts/lib`. */
function partOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  return ['lib', 'operator'].includes(top) || path.startsWith('scripts/lib/') ? `${top}/${second}` : top
}

/** Whether one part depends on another, directly or through others. */
const leadsTo = (from: string, to: string): boolean =>
  (ARROWS[from] ?? []).some((part) => part === to || leadsTo(part, to))

/** The imports of some files that the table does not allow, as `path -> target`. */
const forbidden = (files: SourceFile[]) =>
  files.flatMap(({ path, files: imported }) =>
    imported
      .filter((target) => {
        const [from, to] = [partOf(path), partOf(target)]
        return from !== to && !ARROWS[from]?.includes(to)
      })
      .map((target) => `${path} -> ${target}`),
  )

describe('the structure', () => {
  it('has a row for every part', () => {
    expect(Object.keys(ARROWS).sort()).toEqual([...new Set(sources.map(({ path }) => partOf(path)))].sort())
  })

  it('has no import that the table does not allow', () => {
    expect(forbidden(sources)).toEqual([])
  })

  it('uses every arrow of the table', () => {
    const used = new Set(
      sources.flatMap(({ path, files }) => files.map((target) => `${partOf(path)} -> ${partOf(target)}`)),
    )
    const allowed = Object.entries(ARROWS).flatMap(([from, to]) => to.map((each) => `${from} -> ${each}`))
    expect(allowed.filter((arrow) => !used.has(arrow))).toEqual([])
  })

  it('has no import cycle of parts', () => {
    const asFiles = Object.entries(ARROWS).map(([path, files]) => ({ path, files, code: '', names: [] }))
    expect(circles(asFiles)).toEqual([])
  })

  it('has no import cycle of files, imports of types included', () => {
    expect(circles(sources)).toEqual([])
  })

  it('finds an import that is not allowed, and a cycle', () => {
    const core = { path: 'core/a.ts', code: '', names: [], files: ['lib/store/b.ts'] }
    const store = { path: 'lib/store/b.ts', code: '', names: [], files: ['core/a.ts'] }
    expect(forbidden([core, store])).toEqual(['core/a.ts -> lib/store/b.ts'])
    expect(circles([core, store])).toEqual([['core/a.ts', 'lib/store/b.ts', 'core/a.ts']])
  })
})

describe('docs/architecture.md', () => {
  it('draws the table', async () => {
    const page = 'docs/architecture.md'
    const nameOf = (part: string) => part.replaceAll(/[^a-z]/g, '_')
    const lines = Object.entries(ARROWS).flatMap(([from, to]) => [
      `  ${nameOf(from)}["${from}"]`,
      // The diagram leaves out an arrow that follows from two others.
      ...to
        .filter((part) => !to.some((between) => leadsTo(between, part)))
        .map((part) => `  ${nameOf(from)} --> ${nameOf(part)}`),
    ])
    const diagram = ['```mermaid', 'graph TD', ...lines, '```'].join('\n')
    const text = withBlock(readFileSync(page, 'utf8'), 'the structure test', diagram)
    await expect(text).toMatchFileSnapshot(`../${page}`)
  })
})

describe('core', () => {
  it('imports no package', () => {
    expect(within('core').flatMap(({ names }) => names.filter((name) => !name.startsWith('.')))).toEqual([])
  })

  it('uses neither the environment nor the clock nor random numbers', () => {
    const asks = /process\.|Date\.now|new Date\(\)|performance\.|Math\.random/
    expect(within('core').filter(({ code }) => asks.test(code))).toEqual([])
  })
})

/** Whether a file reads the environment, or the configuration that is made from it. */
const readsEnvironment = ({ code }: Pick<SourceFile, 'code'>) => /process\.env\b|\bconfig\(/.test(code)

describe('addresses', () => {
  it('are parsed by parseUrl, because URL.canParse mishandles letters such as ü', () => {
    expect(sources.filter(({ code }) => code.includes('URL.canParse(')).map(({ path }) => path)).toEqual([])
  })
})

describe('settings and services', () => {
  it('are handed in below app/: only lib/config reads the environment', () => {
    const below = sources.filter(({ path }) => /^(core|lib)\//.test(path) && partOf(path) !== 'lib/config')
    expect(below.length).toBeGreaterThan(150)
    expect(below.filter(readsEnvironment).map(({ path }) => path)).toEqual([])
  })

  it('come from the environment in one file of lib/config', () => {
    expect(
      within('lib/config')
        .filter(readsEnvironment)
        .map(({ path }) => path),
    ).toEqual(['lib/config/config.ts'])
  })

  it.each(['const { a } = config()', 'process.env.A', 'const { env } = process.env'])(
    'notices %s',
    (code) => {
      expect(readsEnvironment({ code })).toBe(true)
    },
  )
})

/** The one file of `lib/` without `server-only`: it has the paths of pages, which scripts in the browser need as well. */
const FOR_BROWSERS_TOO = 'lib/sign-in-methods/paths.ts'

it('all of lib is for the server only, except the file with the paths of pages', () => {
  const isMarked = ({ code }: SourceFile) => code.startsWith("import 'server-only'")
  const lib = sources.filter(({ path }) => path.startsWith('lib/'))
  expect(lib.filter((file) => !isMarked(file)).map(({ path }) => path)).toEqual([FOR_BROWSERS_TOO])
})

it('the Action imports no package', () => {
  const names = within('action').flatMap(({ path, names }) => (path.endsWith('build.mjs') ? [] : names))
  expect(names.filter((name) => !name.startsWith('.'))).toEqual([])
})

it('migrate calls no server', () => {
  expect(within('operator/migrate').filter(({ code }) => /\bfetch\b/.test(code))).toEqual([])
})
