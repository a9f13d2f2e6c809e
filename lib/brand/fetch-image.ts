/**
 * Fetches an image from an address that the tenant names. The address is not ours to trust: it may lead into our own network, or to
 * something that never ends.
 * @module
 */
import 'server-only'
import { lookup } from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { parseUrl } from '../../core/parse-url'
import { type BrandImage, isImageType, isOfType } from './image'
import { isPublicAddress } from './public-address'

/** Longest time for name, connection, headers and body together, in milliseconds. */
const IMAGE_TIMEOUT_MS = 2_000
/** Largest body, in bytes. */
const MAX_IMAGE_BYTES = 100_000

/** Why there is no image: the reason that the log and the doctor name. */
export type ImageFailure =
  | 'address_refused'
  | 'image_refused'
  | 'image_too_large'
  | 'not_https'
  | 'status'
  | 'timeout'
  | 'unreachable'

/** An address of a host, as resolvers name it. */
export interface HostAddress {
  address: string
  family: number
}

/** How hosts are found and which of their addresses may be connected to. Tests bring their own; nothing else does. */
export interface ImageNetwork {
  resolve(host: string): Promise<HostAddress[]>
  isAllowed(address: string): boolean
  /** Certificate authorities instead of the system's. */
  ca?: string
}

/** The public internet. */
export const PUBLIC_NETWORK: ImageNetwork = {
  resolve: (host) => lookup(host, { all: true }),
  isAllowed: isPublicAddress,
}

class ImageError extends Error {
  constructor(readonly failure: ImageFailure) {
    super(failure)
  }
}

/**
 * Fetches an image: by https, within two seconds, without redirects, at most 100 kB, and only from the public internet. The host's
 * name is resolved once, every address of it must be public, and the connection goes to one of these addresses and no other: a name
 * that resolves to something else a moment later changes nothing.
 *
 * @param address - As the tenant gives it.
 * @returns The image, if its media type is one that we show and its bytes agree; or why there is none.
 * @see {@link https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html OWASP, SSRF prevention}
 */
export async function fetchImage(
  address: string,
  network: ImageNetwork = PUBLIC_NETWORK,
): Promise<{ image: BrandImage } | { failure: ImageFailure }> {
  const url = parseUrl(address)
  if (url?.protocol !== 'https:' || url.username || url.password) return { failure: 'not_https' }
  const signal = AbortSignal.timeout(IMAGE_TIMEOUT_MS)
  try {
    const response = await connect(url, network, signal)
    return { image: await readImage(response) }
  } catch (error) {
    if (error instanceof ImageError) return { failure: error.failure }
    return { failure: signal.aborted ? 'timeout' : 'unreachable' }
  }
}

function connect(url: URL, network: ImageNetwork, signal: AbortSignal): Promise<IncomingMessage> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  return new Promise((resolve, reject) => {
    // Node.js does not look up a host that is an address.
    if (isIP(host) && !network.isAllowed(host)) throw new ImageError('address_refused')
    const call = request(url, {
      lookup: toLookup(network),
      agent: false,
      signal,
      headers: { accept: 'image/*', 'accept-encoding': 'identity' },
      ...(network.ca && { ca: network.ca }),
    })
    call.once('error', reject).once('response', resolve).end()
  })
}

/** The lookup of a connection: what it hands over is what is connected to, so what was checked is what is used. */
const toLookup =
  ({ resolve, isAllowed }: ImageNetwork): LookupFunction =>
  (host, { all }, callback) => {
    resolve(host).then(
      (found) => {
        const [first] = found
        if (!first || !found.every(({ address }) => isAllowed(address)))
          callback(new ImageError('address_refused'), [])
        else if (all) callback(null, found)
        else callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    )
  }

async function readImage(response: IncomingMessage): Promise<BrandImage> {
  try {
    if (response.statusCode !== 200) throw new ImageError('status')
    const [type = ''] = (response.headers['content-type'] ?? '').toLowerCase().split(';')
    if (!isImageType(type.trim())) throw new ImageError('image_refused')
    const parts: Buffer[] = []
    let size = 0
    for await (const part of response as AsyncIterable<Buffer>) {
      size += part.length
      if (size > MAX_IMAGE_BYTES) throw new ImageError('image_too_large')
      parts.push(part)
    }
    const image = { type: type.trim(), bytes: Buffer.concat(parts) }
    if (!isOfType(image)) throw new ImageError('image_refused')
    return image
  } finally {
    response.destroy()
  }
}
