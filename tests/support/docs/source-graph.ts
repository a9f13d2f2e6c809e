/**
 * Finds out which source file imports which other ones, including imports of types.
 * @module
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const FILES = ['middleware.ts', 'instrumentation.ts']
const ENDINGS = ['', '.ts', '.tsx', '.mjs', '/index.ts']

/** A source file: its path from the root, its code without comments, the names it imports, and our files among these. */
export interface SourceFile {
  path: string
  code: string
  names: string[]
  files: string[]
}

/**
 * Reads all source files of some folders.
 *
 * @param folders - Paths of folders from the root. `dist` folders in them are left out.
 * @throws {Error} For an import of a file that does not exist, and for a folder without source files.
 */
export function readSources(folders: readonly string[]): SourceFile[] {
  return [...FILES, ...folders.flatMap(filesOf)].map((path) => {
    const code = readFileSync(join(ROOT, path), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    const names = [
      ...code.matchAll(/(?:\bfrom|\bimport|\bloadTypeScript)\s*\(?\s*['"]([^'"]+)['"]/g),
    ].flatMap(([, name = '']) => name)
    const files = names.flatMap((name) => {
      const target = targetOf(path, name)
      return target === undefined ? [] : resolve(path, target)
    })
    return { path, code: code.trim(), names, files }
  })
}

function filesOf(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.d)\.(ts|tsx|mjs)$/.test(name) && !name.startsWith('dist'))
    .map((name) => `${folder}/${name}`)
  if (files.length === 0) throw new Error(`There is no source file in ${folder}.`)
  return files
}

function targetOf(from: string, name: string): string | undefined {
  if (name.startsWith('@/')) return name.slice(2)
  if (name.startsWith('.')) return normalize(join(dirname(from), name))
  // Programs load a TypeScript file by its path from the root.
  return /^[\w/-]+\.ts$/.test(name) ? name : undefined
}

function resolve(from: string, target: string): string[] {
  if (/(^|\/)dist\/|\.(json|css)$/.test(target)) return []
  const ending = ENDINGS.find(
    (each) => existsSync(join(ROOT, target + each)) && statSync(join(ROOT, target + each)).isFile(),
  )
  if (ending === undefined) throw new Error(`${from} imports ${target}, which does not exist.`)
  return [target + ending]
}

/**
 * Finds files that import each other, directly or through other files.
 *
 * @returns The paths of each import cycle.
 */
export function circles(sources: SourceFile[]): string[][] {
  const filesOf = new Map(sources.map(({ path, files }) => [path, files]))
  const finished = new Set<string>()
  const found: string[][] = []
  const visit = (path: string, trail: string[]) => {
    const at = trail.indexOf(path)
    if (at >= 0) found.push([...trail.slice(at), path])
    if (at >= 0 || finished.has(path)) return
    for (const next of filesOf.get(path) ?? []) visit(next, [...trail, path])
    finished.add(path)
  }
  for (const { path } of sources) visit(path, [])
  return found
}
