/**
 * An image host for tests: a server on loopback that is reached under a public host name.
 * @module
 */
import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { HostAddress, ImageNetwork } from '@/lib/brand/fetch-image'
import { createCertificates } from '../../../local-tenant/certificates'

/** The name in the server's certificate. */
export const HOST = 'pictures.example.com'

/** The smallest image of each type: the bytes that identify the type, and a few more. */
export const PICTURES: Record<string, Buffer> = {
  'image/png': Buffer.from('89504e470d0a1a0a0000000d', 'hex'),
  'image/jpeg': Buffer.from('ffd8ffe000104a46', 'hex'),
  'image/gif': Buffer.from('GIF89a\x01\x00', 'latin1'),
  'image/webp': Buffer.from('RIFF\x1a\x00\x00\x00WEBP', 'latin1'),
  'image/svg+xml': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
}

/** A PNG of this many bytes. */
export const pngOf = (size: number) =>
  Buffer.concat([PICTURES['image/png'] ?? Buffer.alloc(0), Buffer.alloc(size - 12)])

/** A running image host. */
export interface PictureServer {
  /** Without a slash at the end. */
  origin: string
  port: number
  /** The requested paths. */
  asked: string[]
  /** A network in which the host name resolves to this server, and connections to it are allowed. */
  network: ImageNetwork
  /** Sets how the server responds from now on. */
  answer(listener: RequestListener): void
  close(): void
}

/** Starts an image host. */
export async function startPictureServer(): Promise<PictureServer> {
  const { key, cert, caFile, remove } = await createCertificates(HOST)
  const ca = readFileSync(caFile, 'utf8')
  await remove()
  const asked: string[] = []
  let listener: RequestListener = (_request, response) => response.writeHead(404).end()
  const server = createServer({ key, cert }, (request, response) => {
    asked.push(request.url ?? '')
    listener(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const here: HostAddress[] = [{ address: '127.0.0.1', family: 4 }]
  return {
    origin: `https://${HOST}:${port}`,
    port,
    asked,
    network: {
      resolve: async (host) => {
        if (host !== HOST) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
        return here
      },
      isAllowed: (address) => address === '127.0.0.1',
      ca,
    },
    answer: (next) => {
      asked.length = 0
      listener = next
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Responds with an image of a media type. */
export const picture =
  (type: string, bytes = PICTURES[type] ?? Buffer.alloc(0)): RequestListener =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': type }).end(bytes)
