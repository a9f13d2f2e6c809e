import { Agent, createServer, get, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { logEvent } from '@/lib/observability/log'
import { currentRequestId, nameRequests } from '@/lib/observability/request-id'

let server: Server
/** Allows one connection, so that requests follow each other on it. */
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
beforeAll(async () => {
  nameRequests()
  // A second call, as if the module were loaded twice.
  nameRequests()
  server = createServer(async (request, response) => {
    const before = currentRequestId()
    let size = 0
    for await (const chunk of request) size += chunk.length
    await new Promise((resolve) => setImmediate(resolve))
    logEvent('answered', { size })
    response.end(`${before} ${currentRequestId()}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => {
  agent.destroy()
  server.close()
})

function ask(headers: Record<string, string> = {}): Promise<{ headers: IncomingHttpHeaders; body: string }> {
  const { port } = server.address() as AddressInfo
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent, headers }, async (response) => {
      let body = ''
      for await (const chunk of response.setEncoding('utf8')) body += chunk
      resolve({ headers: response.headers, body })
    }).once('error', reject)
  })
}

describe('nameRequests', () => {
  it('gives each request its own id, which the response and every log line contain', async () => {
    const write = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()))
    const names = answers.map(({ headers }) => headers['x-request-id'])
    expect(new Set(names).size).toBe(20)
    for (const name of names) expect(name).toMatch(/^[2-9A-Z]{8}$/)
    expect(answers.map(({ body }) => body)).toEqual(names.map((name) => `${name} ${name}`))
    expect(write.mock.calls.map(([line]) => JSON.parse(line).request)).toEqual(names)
  })

  it('ignores an id from the client', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const { headers } = await ask({ 'x-request-id': 'AAAAAAAA' })
    expect(headers['x-request-id']).not.toBe('AAAAAAAA')
  })
})

describe('currentRequestId', () => {
  it('is undefined outside of a request', () => {
    expect(currentRequestId()).toBeUndefined()
  })
})
