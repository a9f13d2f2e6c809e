import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

const sourcesOf = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !name.startsWith('dist'))
    .map((name) => ({ name, text: readFileSync(join(ROOT, folder, name), 'utf8') }))
const importsOf = (text: string) =>
  [...text.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, name = '']) => name)
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '').trim()

const offenders = (folder: string, offends: (text: string, name: string) => boolean) => {
  const sources = sourcesOf(folder)
  expect(sources.length).toBeGreaterThan(5)
  return sources.filter(({ text, name }) => offends(text, name)).map(({ name }) => name)
}

describe('lib/linking', () => {
  it('imports nothing from outside itself', () => {
    expect(
      offenders('lib/linking', (text) => importsOf(text).some((name) => !/^\.\/[\w-]+$/.test(name))),
    ).toEqual([])
  })

  it('asks neither the environment nor the clock', () => {
    expect(
      offenders('lib/linking', (text) =>
        /process\.|Date\.now|new Date\(\)|performance\.|Math\.random/.test(code(text)),
      ),
    ).toEqual([])
  })
})

describe('lib', () => {
  it('is for servers only, but for the shared rules', () => {
    expect(
      offenders(
        'lib',
        (text, name) => !name.startsWith('linking') && !code(text).startsWith("import 'server-only'"),
      ),
    ).toEqual([])
  })
})

/** Whether a relative import leads out of the tenant's folder. */
const leaves = (name: string, from: string) =>
  from.startsWith('.') && !join('tenant', name, '..', from).startsWith('tenant/')

describe('tenant', () => {
  it('shares no code with the rules it is to test', () => {
    expect(
      offenders('tenant', (text, name) =>
        importsOf(text).some((from) => from.startsWith('@/') || leaves(name, from)),
      ),
    ).toEqual([])
  })
})

describe('provision', () => {
  it('takes nothing from the application but what an environment may be, the rules and how a token is asked for', () => {
    const allowed =
      /^(\.\/[\w-]+|\.\.\/lib\/(config|linking)(\/[\w-]+)?|\.\.\/lib\/auth0\/request-token|\.\.\/scripts\/lib\/paths\.mjs)$/
    expect(
      offenders('provision', (text) =>
        importsOf(text).some((name) => /^[.@]\.?\//.test(name) && !allowed.test(name)),
      ),
    ).toEqual([])
  })
})

describe('migrate', () => {
  it('takes from the application what an environment may be and what there is to say, and calls nobody', () => {
    const allowed = /^(\.\/[\w-]+|\.\.\/lib\/(config|linking|messages)(\/[\w-]+)?|node:(fs|util)|zod)$/
    expect(
      offenders(
        'migrate',
        (text) => importsOf(text).some((name) => !allowed.test(name)) || /\bfetch\b/.test(code(text)),
      ),
    ).toEqual([])
  })
})

describe('actions', () => {
  it('import nothing but their own files and the shared rules', () => {
    expect(
      offenders(
        'actions/account-linking',
        (text, name) =>
          name !== 'build.mjs' &&
          importsOf(text).some((from) => !/^\.\/[\w-]+$/.test(from) && from !== '../../lib/linking'),
      ),
    ).toEqual([])
  })
})
