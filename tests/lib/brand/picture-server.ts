/**
 * A host of pictures, for tests: a server on loopback that is found under a public name.
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

/** The smallest picture of each kind: the bytes that tell its kind, and some more. */
export const PICTURES: Record<string, Buffer> = {
  'image/png': Buffer.from('89504e470d0a1a0a0000000d', 'hex'),
  'image/jpeg': Buffer.from('ffd8ffe000104a46', 'hex'),
  'image/gif': Buffer.from('GIF89a\x01\x00', 'latin1'),
  'image/webp': Buffer.from('RIFF\x1a\x00\x00\x00WEBP', 'latin1'),
  'image/svg+xml': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
}

/** A PNG of so many bytes. */
export const pngOf = (size: number) =>
  Buffer.concat([PICTURES['image/png'] ?? Buffer.alloc(0), Buffer.alloc(size - 12)])

/** A running host of pictures. */
export interface PictureServer {
  /** Without a slash at the end. */
  origin: string
  port: number
  /** Paths that were asked for. */
  asked: string[]
  /** A network in which the host has this server's address, which may be connected to. */
  network: ImageNetwork
  /** What the server answers from now on. */
  answer(listener: RequestListener): void
  close(): void
}

/** Starts a host of pictures. */
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

/** Answers with a picture of a media type. */
export const picture =
  (type: string, bytes = PICTURES[type] ?? Buffer.alloc(0)): RequestListener =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': type }).end(bytes)
