import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const PAGE = '/settings/connected-accounts'
/** Files with handlers by method, or a page. Routes of the session library have no file. */
const sources = readdirSync('app', { recursive: true, encoding: 'utf8' }).filter((file) =>
  /(^|\/)(route|page)\.tsx?$/.test(file),
)

/** The requests that a file answers, for its path: `GET /link`. */
function answersOf(source: string): string[] {
  const path = `/${source.split('/').slice(0, -1).join('/')}`
  const text = readFileSync(`app/${source}`, 'utf8')
  if (!source.includes('route.ts')) return [`GET ${path}`]
  return [...text.matchAll(/^export async function (GET|POST)\b/gm)].map(([, method]) => `${method} ${path}`)
}

const [section = ''] = readFileSync('README.md', 'utf8').split('\n## Routes\n')[1]?.split('\n## ') ?? []
const listed = [...section.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) => {
  const [, first = 'GET'] = /`(GET|POST) /.exec(cell) ?? []
  return [...cell.matchAll(/`(?:(GET|POST) )?([/…][^`]*)`/g)].map(
    ([, method = first, path = '']) => `${method} ${path.replace('…', PAGE)}`,
  )
})

describe('the routes of the README', () => {
  it('are exactly those of the application', () => {
    const unknown = /\[\.\.\.rest\]/
    const answered = sources.filter((source) => !unknown.test(source)).flatMap(answersOf)
    const ofLibrary = listed.filter((route) => route.startsWith('GET /auth/'))
    expect(ofLibrary).toHaveLength(4)
    expect(listed.toSorted()).toEqual([...answered, ...ofLibrary].toSorted())
  })
})
