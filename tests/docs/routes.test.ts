import { readdirSync, readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'

const PAGE = '/settings/connected-accounts'
/** Files that answer: handlers by method, or a page. */
const sources = readdirSync('app', { recursive: true, encoding: 'utf8' }).filter((file) =>
  /(^|\/)(route|page)\.tsx?$/.test(file),
)

/** The methods that a path exports a handler for, one that refuses the method among them; a page has GET. */
const answered = new Map<string, string[]>()
beforeAll(async () => {
  const entryPoints = sources.map((source) => `app/${source}`)
  const { metafile } = await build({
    entryPoints,
    outdir: 'out',
    bundle: false,
    write: false,
    metafile: true,
  })
  for (const { entryPoint = '', exports } of Object.values(metafile.outputs)) {
    const path = entryPoint.replace(/^app/, '').replace(/\/[^/]+$/, '') || '/'
    // A page that is not found.
    if (!path.includes('[...')) answered.set(path, exports.includes('default') ? ['GET'] : exports)
  }
})

const [section = ''] =
  readFileSync('docs/reference/http.md', 'utf8').split('\n## Routes\n')[1]?.split('\n## ') ?? []
const listed = [...section.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) => {
  const [, first = 'GET'] = /`(GET|POST) /.exec(cell) ?? []
  return [...cell.matchAll(/`(?:(GET|POST) )?([/…][^`]*)`/g)].map(([, method = first, path = '']) => ({
    method,
    path: path.replace('…', PAGE),
  }))
})

describe('the routes of docs/reference/http.md', () => {
  // What the session library and the console answer has no file.
  const ours = listed.filter(({ path }) => !/^\/(auth|console)(\/|$)/.test(path))

  it('are those that there are', () => {
    expect(ours.map(({ path }) => path).toSorted()).toEqual([...answered.keys()].toSorted())
  })

  it('take the methods that stand there', () => {
    expect(ours.filter(({ method, path }) => !answered.get(path)?.includes(method))).toEqual([])
  })
})
