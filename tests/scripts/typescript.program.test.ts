import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'

const ROOT = process.cwd()
const folder = mkdtempSync(join(tmpdir(), 'typescript-'))
const CACHE = join(ROOT, 'node_modules', '.cache', 'account-linking')
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  for (const name of readdirSync(CACHE).filter((each) => each.includes(basename(folder))))
    rmSync(join(CACHE, name))
})

const HALF_A_MINUTE_AGO = new Date(Date.now() - 30_000)
function write(name: string, content: string, time: Date) {
  writeFileSync(join(folder, name), content)
  utimesSync(join(folder, name), time, time)
}

/** Loads the program in a child process, as a command does, and returns the `word` that it exports. */
function load(): string {
  const program = relative(ROOT, join(folder, 'main.ts'))
  const script = `import { loadTypeScript } from './scripts/lib/typescript.mjs'
    console.log((await loadTypeScript(${JSON.stringify(program)})).word)`
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  }).stdout.trim()
}

describe('loadTypeScript', () => {
  it('bundles a program again only if the modification time of a file has changed', () => {
    write('main.ts', `export { word } from './word'`, HALF_A_MINUTE_AGO)
    write('word.ts', `export const word: string = 'first'`, HALF_A_MINUTE_AGO)
    expect(load()).toBe('first')
    write('word.ts', `export const word: string = 'second'`, HALF_A_MINUTE_AGO)
    expect(load()).toBe('first')
    write('word.ts', `export const word: string = 'third'`, new Date())
    expect(load()).toBe('third')
  })
})
