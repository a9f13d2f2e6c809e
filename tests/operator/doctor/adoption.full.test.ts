import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { afterAll, expect, it } from 'vitest'
import { examineAdoption } from '@/operator/doctor/adoption'

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const verified = async (request: IncomingMessage): Promise<boolean> => {
  try {
    new Webhook(secret).verify(await text(request), request.headers as Record<string, string>)
    return true
  } catch {
    return false
  }
}
const server = createServer(async (request, response) => {
  const isVerified = await verified(request)
  if (request.url === '/silent') return
  const status = request.url === '/trusting' || isVerified ? 204 : 401
  response.writeHead(request.url === '/elsewhere' ? 302 : status, { location: '/' }).end()
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

it.each([
  ['verifies signatures', `${origin}/`, { signed: 204, forged: 401 }],
  ['verifies none', `${origin}/trusting`, { signed: 204, forged: 204 }],
  ['redirects', `${origin}/elsewhere`, { signed: 302, forged: 302 }],
  ['does not answer', `${origin}/silent`, { signed: undefined, forged: undefined }],
  ['refuses the connection', 'http://127.0.0.1:1/', { signed: undefined, forged: undefined }],
])('sends a signed and a forged request to an application that %s', async (_what, url, expected) => {
  expect(await examineAdoption({ url, secret })).toEqual(expected)
})
