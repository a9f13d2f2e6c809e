import type { RequestListener } from 'node:http'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { fetchImage, PUBLIC_NETWORK } from '@/lib/brand/fetch-image'
import { HOST, PICTURES, picture, pngOf, startPictureServer } from './picture-server'

const server = await startPictureServer()
afterAll(() => server.close())

const fetched = (path = '/logo') => fetchImage(`${server.origin}${path}`, server.network)
const failureOf = async (answer: RequestListener, path?: string) => {
  server.answer(answer)
  const result = await fetched(path)
  return 'failure' in result ? result.failure : 'none'
}

describe('fetchImage', () => {
  it.each(Object.keys(PICTURES))('accepts an %s', async (type) => {
    server.answer(picture(type))
    expect(await fetched()).toEqual({ image: { type, bytes: PICTURES[type] } })
  })

  it('accepts parameters and capitals in the media type, and 100 kB', async () => {
    server.answer(picture('Image/PNG; charset=binary', pngOf(100_000)))
    expect(await fetched()).toMatchObject({ image: { type: 'image/png' } })
  })

  it('accepts an SVG with a prolog or a script, because pages show it only as an image', async () => {
    const svg =
      '\uFEFF<?xml version="1.0"?>\n<!-- a --><!DOCTYPE svg PUBLIC "a" "b">\n<!-- b --> <svg><script>alert(1)</script></svg>'
    server.answer(picture('image/svg+xml', Buffer.from(svg)))
    expect(await fetched()).toMatchObject({ image: { type: 'image/svg+xml' } })
  })

  it.each<[string, string, Buffer]>([
    ['an HTML page', 'text/html', Buffer.from('<svg></svg>')],
    ['an HTML page declared as SVG', 'image/svg+xml', Buffer.from('<!DOCTYPE html><svg></svg>')],
    ['an HTML page that contains an SVG', 'image/svg+xml', Buffer.from('<html><svg></svg></html>')],
    ['an image declared as another type', 'image/png', PICTURES['image/gif'] ?? Buffer.alloc(0)],
    ['an empty file', 'image/png', Buffer.alloc(0)],
    ['an unsupported type', 'image/x-icon', Buffer.from('00000100', 'hex')],
    ['a type named like a property of objects', 'constructor', Buffer.from('x')],
    ['a comment without an end', 'image/svg+xml', Buffer.from('<!-- <svg>')],
    ['thousands of comments', 'image/svg+xml', Buffer.from('<!---->'.repeat(14_000))],
  ])('refuses %s', async (_what, type, bytes) => {
    expect(await failureOf(picture(type, bytes))).toBe('image_refused')
  })

  it('refuses a compressed response, because its size is unknown', async () => {
    const answer: RequestListener = (_request, response) =>
      response
        .writeHead(200, { 'content-type': 'image/png', 'content-encoding': 'gzip' })
        .end(Buffer.from('1f8b0800', 'hex'))
    expect(await failureOf(answer)).toBe('image_refused')
  })

  it('stops reading an endless image after 100 kB', async () => {
    let sent = 0
    const answer: RequestListener = (_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' })
      response.write(pngOf(12))
      const more = () => {
        while (sent < 100_000_000 && response.write(Buffer.alloc(10_000))) sent += 10_000
      }
      response.on('drain', more).on('error', () => undefined)
      more()
    }
    expect(await failureOf(answer)).toBe('image_too_large')
    // More than 100 kB, because the operating system buffers what was sent.
    expect(sent).toBeLessThan(20_000_000)
  })

  it.each<[string, RequestListener]>([
    ['never responds', () => undefined],
    [
      'never finishes',
      (_request, response) => response.writeHead(200, { 'content-type': 'image/png' }).write('x'),
    ],
    [
      'sends one byte at a time',
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'image/png' })
        const timer = setInterval(() => response.write('x'), 100)
        response.on('close', () => clearInterval(timer))
      },
    ],
  ])('gives up after two seconds on a host that %s', async (_what, answer) => {
    const begun = performance.now()
    expect(await failureOf(answer)).toBe('timeout')
    expect(performance.now() - begun).toBeLessThan(3_500)
  })

  it('gives up after two seconds on a host name that is never resolved', async () => {
    const network = { ...server.network, resolve: () => new Promise<never>(() => undefined) }
    expect(await fetchImage(server.origin, network)).toEqual({ failure: 'timeout' })
  })

  it.each([301, 302, 303, 307, 308])('does not follow a %i redirect', async (status) => {
    const answer: RequestListener = (_request, response) =>
      response
        .writeHead(status, { location: '/other', 'content-type': 'image/png' })
        .end(PICTURES['image/png'])
    expect(await failureOf(answer)).toBe('status')
    expect(server.asked).toEqual(['/logo'])
  })

  it.each([
    ...[
      'http://pictures.example.com/',
      'ftp://pictures.example.com/',
      'file:///etc/passwd',
      'data:image/png,x',
    ],
    ...['//pictures.example.com/', 'javascript:1', 'https://', '', 'https://user@pictures.example.com/'],
    ...['https://:secret@pictures.example.com/', 'blob:https://pictures.example.com/x'],
  ])('refuses %s', async (address) => {
    const resolve = vi.fn(server.network.resolve)
    expect(await fetchImage(address, { ...server.network, resolve })).toEqual({ failure: 'not_https' })
    expect(resolve).not.toHaveBeenCalled()
  })

  it('reports a host name without an address, or with another certificate, as unreachable', async () => {
    expect(await fetchImage('https://no.example.com/', server.network)).toEqual({ failure: 'unreachable' })
    const { ca: _ca, ...withoutAuthority } = server.network
    expect(await fetchImage(server.origin, withoutAuthority)).toEqual({ failure: 'unreachable' })
  })
})

describe('fetchImage, for addresses that are not public', () => {
  const { isAllowed } = PUBLIC_NETWORK

  it.each([
    ...[
      '127.0.0.1',
      '127.1',
      '127.0.1',
      '0',
      '0.0.0.0',
      '2130706433',
      '0x7f000001',
      '0x7f.0.0.1',
      '0177.0.0.1',
    ],
    ...[
      '0177.0x0.0.1',
      '017700000001',
      '127.0.0.1.',
      '%31%32%37.0.0.1',
      '１２７.0.0.1',
      '①②⑦.⓪.⓪.①',
      '127。0。0。1',
    ],
    ...['10.0.0.1', '0xa.1', '167772161', '172.16.0.1', '192.168.1.1', '3232235777', '169.254.169.254'],
    ...[
      '2852039166',
      '0xa9fea9fe',
      '0251.0376.0251.0376',
      '100.64.0.1',
      '198.18.0.1',
      '224.0.0.1',
      '240.0.0.1',
    ],
    ...['255.255.255.255', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
    ...[
      '[::ffff:a9fe:a9fe]',
      '[::127.0.0.1]',
      '[64:ff9b::7f00:1]',
      '[2002:7f00:1::]',
      '[fe80::1]',
      '[fc00::1]',
    ],
    ...['[fd00:ec2::254]', '[ff02::1]', '[2001:db8::1]', '[2001:0:7f00:1::]'],
  ])('does not connect to https://%s/', async (host) => {
    server.answer(picture('image/png'))
    const resolve = vi.fn(server.network.resolve)
    const network = { ...server.network, resolve, isAllowed }
    const result = await fetchImage(`https://${host}:${server.port}/logo`, network)
    expect(result).toEqual({ failure: 'address_refused' })
    expect([resolve.mock.calls, server.asked]).toEqual([[], []])
  })

  it.each([
    ['127.0.0.1'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['169.254.169.254'],
    ['10.1.2.3'],
    ['93.184.215.14', '127.0.0.1'],
    ['127.0.0.1', '93.184.215.14'],
    ['fe80::1%lo'],
    [],
  ])('does not connect to a name with the addresses %s %s', async (...addresses) => {
    server.answer(picture('image/png'))
    const resolve = async () =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    const network = { ...server.network, resolve, isAllowed }
    expect(await fetchImage(`${server.origin}/logo`, network)).toEqual({ failure: 'address_refused' })
    expect(server.asked).toEqual([])
  })

  it('refuses localhost by name, with the resolver of this machine', async () => {
    server.answer(picture('image/png'))
    const url = `https://localhost:${server.port}/logo`
    expect(await fetchImage(url, PUBLIC_NETWORK)).toEqual({ failure: 'address_refused' })
    expect(server.asked).toEqual([])
  })

  it('connects to the address that it checked, even if the name resolves to another one a moment later', async () => {
    server.answer(picture('image/png'))
    // Nothing responds at this address.
    const addresses = ['93.184.215.14', '127.0.0.1']
    const resolve = vi.fn(async () => [{ address: addresses.shift() ?? '127.0.0.1', family: 4 }])
    const result = await fetchImage(`${server.origin}/logo`, { ...server.network, resolve, isAllowed })
    expect(result).toHaveProperty('failure')
    expect([resolve.mock.calls, server.asked]).toEqual([[[HOST]], []])
  })
})
