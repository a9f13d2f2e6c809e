import { createServer, type Server, request as sendRequest } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { limitRequest, limitRequests } from '@/lib/http/request-limits'

/** A request as Node.js represents it. */
function aRequest(url: string, lines: [string, string][] = []) {
  return {
    url,
    headers: Object.fromEntries(lines.map(([name, value]) => [name.toLowerCase(), value])),
    rawHeaders: lines.flat(),
  }
}
const flow = (number: number) => `link_${number.toString(16).padStart(16, '0')}`

describe('limitRequest', () => {
  it.each([
    ['/link', '/link'],
    ['/link?a=1&b=2', '/link?a=1&b=2'],
    [`/?${'a&'.repeat(63)}a`, `/?${'a&'.repeat(63)}a`],
    [`/?${'a&'.repeat(7000)}`, `/?${'a&'.repeat(63)}a`],
    [`/?x=1${'&'.repeat(7000)}`, `/?x=1${'&'.repeat(63)}`],
  ])('keeps 64 query parameters: %#', (url, kept) => {
    const request = aRequest(url)
    limitRequest(request)
    expect(request.url).toBe(kept)
  })

  it('keeps 512 characters of the user agent', () => {
    const request = aRequest('/', [['User-Agent', 'x'.repeat(14_000)]])
    limitRequest(request)
    expect(request.headers['user-agent']).toBe('x'.repeat(512))
    expect(request.rawHeaders).toEqual(['user-agent', 'x'.repeat(512)])
  })

  it('does not change a request within the limits', () => {
    const lines: [string, string][] = [
      ['Host', 'app.example.com'],
      ['User-Agent', 'Mozilla/5.0'],
      ['Cookie', `session=a; ${flow(1)}=b`],
      ['Accept', '*/*'],
    ]
    const request = aRequest('/link?a=1', lines)
    limitRequest(request)
    expect(request).toEqual(aRequest('/link?a=1', lines))
  })

  it('keeps our own cookies, and the other headers unchanged', () => {
    const request = aRequest('/', [
      ['Host', 'app.example.com'],
      ['Cookie', `theme=dark; session=a; appSession=b; ${flow(1)}=c`],
      ['X-Other', 'one'],
      ['X-Other', 'two'],
    ])
    limitRequest(request)
    expect(request.headers.cookie).toBe(`session=a; ${flow(1)}=c`)
    expect(request.rawHeaders).toEqual(
      ['Host', 'app.example.com', 'X-Other', 'one', 'X-Other', 'two'].concat(
        'cookie',
        `session=a; ${flow(1)}=c`,
      ),
    )
  })

  it('removes the Cookie header if none of the cookies is ours', () => {
    const request = aRequest('/', [['Cookie', Array.from({ length: 3300 }, (_, at) => `c${at}=`).join(';')]])
    limitRequest(request)
    expect(request.headers).toEqual({})
    expect(request.rawHeaders).toEqual([])
  })
})

describe('limitRequests', () => {
  let server: Server
  const seen: { url: string | undefined; agent: string | undefined; cookie: string | undefined }[] = []
  beforeAll(async () => {
    limitRequests()
    // A second call, as if the module were loaded twice.
    limitRequests()
    const note = ({ url, headers }: { url?: string | undefined; headers: Record<string, unknown> }) =>
      seen.push({
        url,
        agent: headers['user-agent'] as string | undefined,
        cookie: headers.cookie as string | undefined,
      })
    server = createServer((request, response) => {
      note(request)
      response.end()
    }).on('upgrade', (request, socket) => {
      note(request)
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterAll(() => void server.close())
  const port = () => (server.address() as AddressInfo).port
  const long = { 'user-agent': 'x'.repeat(1000), cookie: 'a=b; session=s' }
  const cut = { url: `/?${'a&'.repeat(63)}a`, agent: 'x'.repeat(512), cookie: 'session=s' }

  it('cuts a request before the server reads it', async () => {
    await new Promise<void>((resolve, reject) => {
      sendRequest({ port: port(), path: `/?${'a&'.repeat(100)}`, headers: long }, (response) => {
        response.resume().once('end', resolve)
      })
        .once('error', reject)
        .end()
    })
    expect(seen.at(-1)).toEqual(cut)
  })

  it('cuts an upgrade request as well', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(port(), '127.0.0.1').once('close', () => resolve())
      socket.resume()
      const headers = Object.entries({ ...long, host: 'x', connection: 'upgrade', upgrade: 'websocket' })
      socket.write(`GET /?${'a&'.repeat(100)} HTTP/1.1\r\n`)
      socket.write(`${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
    })
    expect(seen.at(-1)).toEqual(cut)
  })
})
