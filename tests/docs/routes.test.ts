import { readdirSync, readFileSync } from 'node:fs'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'

const PAGE = '/settings/connected-accounts'
/** The files of `app/` that answer requests: route handlers and pages. */
const sources = readdirSync('app', { recursive: true, encoding: 'utf8' }).filter((file) =>
  /(^|\/)(route|page)\.tsx?$/.test(file),
)

/** By path, the methods with a handler, also one that only refuses the method. A page has `GET`. */
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
    // A catch-all route only shows the page for an unknown address.
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
  // The session library and the console answer these paths, without a file in `app/`.
  const ours = listed.filter(({ path }) => !/^\/(auth|console)(\/|$)/.test(path))

  it('are exactly those that exist', () => {
    expect(ours.map(({ path }) => path).toSorted()).toEqual([...answered.keys()].toSorted())
  })

  it('accept the documented methods', () => {
    expect(ours.filter(({ method, path }) => !answered.get(path)?.includes(method))).toEqual([])
  })
})
