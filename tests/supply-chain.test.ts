import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readSources } from './support/docs/source-graph'

/** An entry of the lockfile, with the fields that these tests read. */
interface Package {
  /** The package's own name, if it is installed under another. */
  name?: string
  version?: string
  resolved?: string
  integrity?: string
  /** Whether only development needs it. */
  dev?: boolean
  link?: boolean
  hasInstallScript?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

const MODULES = 'node_modules/'
const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
const manifest: Record<
  'dependencies' | 'devDependencies' | 'optionalDependencies',
  Record<string, string>
> = read('package.json')
const lockfile: Record<string, Package> = read('package-lock.json').packages
/** Every installed package, without the repository itself. */
const packages = Object.entries(lockfile)
  .filter(([path]) => path !== '')
  .map(([path, entry]) => ({
    name: path.slice(path.lastIndexOf(MODULES) + MODULES.length),
    version: '',
    ...entry,
  }))
const isBelow = (version: string, floor: string) =>
  version.includes('-') || version.localeCompare(floor, 'en', { numeric: true }) < 0
/** The packages that break a rule, as `name@version`. */
const offenders = (offends: (entry: (typeof packages)[number]) => boolean) =>
  packages.filter(offends).map(({ name, version }) => `${name}@${version}`)

const page = readFileSync(new URL('../docs/assurance/supply-chain.md', import.meta.url), 'utf8')
/** Finds a table of the page by the title of its first column. Returns the cells of its rows, without the head. */
function tableOf(firstColumn: string): string[][] {
  const [, ...lines] = page.slice(page.indexOf(`| ${firstColumn} |`)).split('\n')
  const end = lines.findIndex((line) => !line.startsWith('|'))
  return lines.slice(1, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
}
const namesIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)

/** The lowest allowed release of each package: older ones have faults that matter here. The page has the reasons. */
const FLOORS: Record<string, string> = {
  next: '16.4.1',
  react: '19.3.1',
  'react-dom': '19.3.1',
  '@auth0/nextjs-auth0': '4.30.0',
  'auth0-js': '10.2.1',
  jose: '6.2.17',
  'openid-client': '6.8.9',
  oauth4webapi: '3.8.8',
  '@redis/client': '6.3.1',
  bullmq: '6.7.0',
  nodemailer: '10.6.1',
  msgpackr: '2.1.3',
  standardwebhooks: '1.1.1',
  auth0: '4.37.1',
  sharp: '0.35.5',
  postcss: '8.5.12',
  'source-map-js': '1.2.2',
}

describe('isBelow', () => {
  it.each([
    ['16.2.5', true],
    ['16.2.6', false],
    ['16.2.10', false],
    ['16.10.0', false],
    ['9.0.0', true],
    ['16.2.6-canary.1', true],
  ])('compares %s with 16.2.6: %s', (version, expected) => {
    expect(isBelow(version, '16.2.6')).toBe(expected)
  })
})

describe('what is installed', () => {
  it.each(Object.entries(FLOORS))('is %s of %s or later, wherever it is needed', (name, floor) => {
    expect(packages.map((entry) => entry.name)).toContain(name)
    expect(offenders((entry) => entry.name === name && isBelow(entry.version, floor))).toEqual([])
  })

  it('has no JWT library with a known vulnerability', () => {
    const isHoled = ({ name, version }: { name: string; version: string }) =>
      (name === 'jws' && isBelow(version, version.startsWith('4.') ? '4.0.1' : '3.2.3')) ||
      (name === 'jsonwebtoken' && isBelow(version, '8.5.2'))
    expect(offenders(isHoled)).toEqual([])
  })

  it('has no install scripts, except in development tools', () => {
    expect(offenders(({ hasInstallScript, dev }) => Boolean(hasInstallScript && !dev))).toEqual([])
  })
})

describe('docs/assurance/supply-chain.md', () => {
  const corpus = readdirSync(new URL('../docs/security/corpus', import.meta.url)).flatMap(
    (file): { id: string }[] => read(`docs/security/corpus/${file}`),
  )
  const ids = new Set(corpus.map(({ id }) => id))
  const advisories = tableOf('advisory')

  it('has the same lowest releases as this test', () => {
    const installed = tableOf('package').filter(([, , reason]) => !reason?.includes('not installed at all'))
    const told = installed.flatMap(([names, floor]) => namesIn(names).map((name) => [name, floor]))
    expect(Object.fromEntries(told)).toEqual(FLOORS)
  })

  it('requires at least the release that fixed an advisory, or says that this release is not published', () => {
    const open = advisories.filter(([, name, fixedIn = '']) => {
      const floor = FLOORS[namesIn(name)[0] ?? '']
      return floor !== undefined && isBelow(floor, fixedIn)
    })
    expect(open.map(([advisory]) => advisory)).toEqual(['CVE-2026-107369', 'CVE-2026-107371'])
    for (const cells of open) expect(cells[3]).toMatch(/^that release is not published at npm/)
  })

  it('names for each advisory the attack that tests it, or says why it cannot arise', () => {
    const silent = advisories.filter(([, , , here = '']) => !/\b[A-KS]\d{2}[a-z]?\b|cannot arise/.test(here))
    expect(silent).toEqual([])
    const rows = advisories.flatMap(([, , , here = '']) => here.match(/\b[A-KS]\d{2}[a-z]?\b/g) ?? [])
    expect(rows.filter((row) => !ids.has(row))).toEqual([])
  })
})

describe('package.json', () => {
  it.each(['dependencies', 'devDependencies'] as const)('names one version of each of its %s', (kind) => {
    const inexact = Object.entries(manifest[kind]).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
    expect(inexact).toEqual([])
  })

  it('names one optional package, whose releases end with a number of their binding', () => {
    expect(manifest.optionalDependencies).toEqual({
      '@duckdb/node-api': expect.stringMatching(/^\d+\.\d+\.\d+-r\.\d+$/),
    })
  })

  it('agrees with the lockfile', () => {
    const { dependencies, devDependencies, optionalDependencies } = manifest
    expect(lockfile['']).toMatchObject({ dependencies, devDependencies, optionalDependencies })
    for (const [name, version] of Object.entries({
      ...dependencies,
      ...devDependencies,
      ...optionalDependencies,
    }))
      expect(lockfile[`node_modules/${name}`], name).toMatchObject({ version })
  })
})

describe('package-lock.json', () => {
  it('has a SHA-512 hash for every package, and gets all packages from the npm registry', () => {
    expect(
      offenders(
        ({ integrity = '', resolved = 'https://registry.npmjs.org/', link }) =>
          link === true ||
          !/^sha512-[\w+/]{86}==$/.test(integrity) ||
          !resolved.startsWith('https://registry.npmjs.org/'),
      ),
    ).toEqual([])
  })

  it('has every package that another one needs, on all platforms', () => {
    const missing = Object.entries(lockfile).flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !isFound(path, name)),
    )
    expect(missing).toEqual([])
  })

  const PLAIN = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64']
  const BY_LIBRARY = [
    ...['darwin-arm64', 'darwin-x64', 'win32-x64-msvc'],
    ...['linux-arm64-gnu', 'linux-arm64-musl', 'linux-x64-gnu', 'linux-x64-musl'],
  ]
  const BY_C_LIBRARY = [...PLAIN, 'linux-arm64-musl', 'linux-x64-musl', 'win32-arm64']
  it.each([
    ['@biomejs/cli-', [...PLAIN, 'linux-arm64-musl', 'linux-x64-musl']],
    ['@duckdb/node-bindings-', BY_C_LIBRARY],
    ['@esbuild/', PLAIN],
    ['@next/swc-', BY_LIBRARY],
    ['@rolldown/binding-', BY_LIBRARY],
    ['@tailwindcss/oxide-', BY_LIBRARY],
    ['@typescript/typescript-', PLAIN],
    ['lightningcss-', BY_LIBRARY],
  ])('has the binary %s… of every platform', (family, platforms) => {
    const wanted = platforms.map((platform) => family + platform)
    expect(packages.map(({ name }) => name)).toEqual(expect.arrayContaining(wanted))
  })
})

describe('DuckDB', () => {
  it('is imported only by npm run duplicates, so that the service and its image do not need it', () => {
    const sources = readSources([
      'action',
      'app',
      'components',
      'core',
      'lib',
      'local-tenant',
      'operator',
      'scripts',
    ])
    const users = sources.filter(({ names }) => names.some((name) => name.startsWith('@duckdb/')))
    expect(users.map(({ path }) => path)).toEqual(['operator/duplicates/export/duckdb.ts'])
  })
})

describe('Node.js', () => {
  it('may have any major version that gets security fixes, or the last one that did', () => {
    expect(read('package.json').engines).toEqual({ node: '^20.19 || ^22.12 || >=24' })
  })
})

/** Whether Node.js finds a package from the folder in which another one is installed. */
function isFound(from: string, name: string): boolean {
  if (`${from ? `${from}/` : ''}node_modules/${name}` in lockfile) return true
  return from !== '' && isFound(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name)
}
