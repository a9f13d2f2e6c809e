import { beforeEach, describe, expect, it } from 'vitest'
import { GET } from '@/app/brand/[file]/route'
import { servedAt } from '@/lib/brand/served-images'
import { config as middleware } from '@/middleware'
import { APP_ENVIRONMENT } from '../../support/process/app-environment'
import { forgetProcessMemory } from '../../support/process/process-memory'
import { services } from '../../support/process/services'

for (const [name, value] of Object.entries(APP_ENVIRONMENT)) process.env[name] = value

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
const get = (file: string) =>
  GET(new Request(`http://localhost:3000/brand/${file}`), { params: Promise.resolve({ file }) })

beforeEach(() => forgetProcessMemory('brand-served'))

describe('GET /brand/logo-HASH', () => {
  it('answers with the picture, which caches may keep for ever and which may run no script', async () => {
    const path = await servedAt(services(), { type: 'image/svg+xml', bytes: Buffer.from(SVG) })
    const response = await get(path.slice('/brand/'.length))
    expect([response.status, await response.text()]).toEqual([200, SVG])
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
  })

  it('serves the same bytes with another media type at another address', async () => {
    const at = (type: string) => servedAt(services(), { type, bytes: Buffer.from('x') })
    expect(await at('image/png')).not.toBe(await at('image/gif'))
  })

  it.each([
    ...[
      `logo-${'0'.repeat(32)}`,
      'logo-',
      'logo',
      '',
      '..',
      '../logo',
      'constructor',
      '__proto__',
      'favicon.ico',
    ],
    ...[
      `logo-${'0'.repeat(33)}`,
      `logo-${'G'.repeat(32)}`,
      `xlogo-${'0'.repeat(32)}`,
      `logo-${'0'.repeat(31)}\n`,
    ],
  ])('answers 404 for %j', async (file) => {
    const response = await get(file)
    expect([response.status, await response.text(), response.headers.get('cache-control')]).toEqual([
      404,
      '',
      'no-store',
    ])
  })

  it('sets its own headers: the middleware skips this route, and no other page', () => {
    const [matcher = ''] = middleware.matcher
    const isMatched = (path: string) => new RegExp(`^${matcher}$`).test(path)
    expect(isMatched('/brand/logo-0')).toBe(false)
    expect(['/', '/brand', '/brand/', '/brand/a/b', '/brandx', '/settings/brand/x'].map(isMatched)).toEqual(
      Array(6).fill(true),
    )
  })
})
