/**
 * Fetches an image from a URL that the tenant names. We do not trust the URL: it may lead into our own network, or to a response
 * that never ends.
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

/** Longest time for a whole fetch, from the DNS lookup to the end of the body, in milliseconds. */
const IMAGE_TIMEOUT_MS = 2_000
/** Largest body, in bytes. */
const MAX_IMAGE_BYTES = 100_000

/** Why there is no image, as the log and `npm run doctor` name the reason. */
export type ImageFailure =
  | 'address_refused'
  | 'image_refused'
  | 'image_too_large'
  | 'not_https'
  | 'status'
  | 'timeout'
  | 'unreachable'

/** An IP address of a host, in the form that Node.js's resolver returns. */
export interface HostAddress {
  address: string
  family: number
}

/** How host names are resolved, and to which IP addresses we may connect. Only tests replace {@link PUBLIC_NETWORK}. */
export interface ImageNetwork {
  resolve(host: string): Promise<HostAddress[]>
  isAllowed(address: string): boolean
  /** Certificate authorities to trust instead of the system's, as PEM. */
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
 * Fetches an image: by https, within two seconds, without redirects, at most 100 kB, and only from the public internet. The host
 * name is resolved once, and all its IP addresses must be public. The connection uses one of these addresses, so a name that
 * resolves to another address a moment later does not matter.
 *
 * @param address - The URL, as the tenant names it.
 * @returns The image, if we show its media type and its bytes match that type; otherwise the reason why there is none.
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
    // Node.js does not call `lookup` if the host is an IP address, so check it here.
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

/**
 * The `lookup` of a connection. Node.js connects to the addresses that it returns, so it uses exactly those that were checked.
 */
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
